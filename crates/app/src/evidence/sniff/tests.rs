//! What is taken and what is refused, and that nothing sent here can bring the program down.

use super::{Fault, Media, Pixels, Sniffer, claim, sniff};
use crate::evidence::fixture::{
    HEIC, JPEG, MOV, MP4, PDF, PNG, SAMPLES, WEBP, boxed, chunk, joined, pdf, png, replaced,
    zip_end,
};
use domain::policy::EvidenceKind;
use miniz_oxide::deflate::compress_to_vec_zlib;
use proptest::prelude::{Just, Strategy, any, proptest};

#[track_caller]
fn check_refused(bytes: &[u8], code: &str) {
    match sniff(bytes) {
        Err(fault) => assert_eq!(fault.code(), code, "{fault}"),
        Ok(sniffed) => panic!("taken as {sniffed:?}, wanted {code}"),
    }
}

#[test]
fn every_sample_is_taken_for_what_it_is() {
    for (number, (bytes, media, sides)) in SAMPLES.iter().enumerate() {
        let sniffed = sniff(bytes).unwrap_or_else(|fault| panic!("sample {number}: {fault}"));

        assert_eq!(sniffed.media, *media, "sample {number}");
        let pixels = sniffed.pixels.map(|pixels| (pixels.width, pixels.height));
        assert_eq!(pixels, *sides, "sample {number}");
    }
    assert_eq!(sniff(MP4).unwrap().duration_ms, Some(1_000));
    assert_eq!(sniff(PDF).unwrap().kind, EvidenceKind::Document);
}

#[test]
fn a_file_is_judged_alike_however_its_bytes_arrive() {
    for (bytes, ..) in SAMPLES {
        let whole = sniff(bytes);
        for step in [1, 7, 100] {
            let mut sniffer = Sniffer::new(bytes.len() as u64);
            bytes.chunks(step).for_each(|part| sniffer.feed(part).unwrap());
            assert_eq!(sniffer.finish(), whole, "in steps of {step}");
        }
    }
}

#[test]
fn types_that_are_not_listed_are_refused() {
    let others: [&[u8]; 12] = [
        b"GIF89a\x01\0\x01\0\0\0\0;",
        b"<!doctype html><script>alert(1)</script>",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<?xml version='1.0'?><a/>",
        b"alert(1)",
        b"PK\x03\x04 archive",
        b"MZ program",
        b"\x7fELF program",
        b"BM bitmap",
        b"II*\0 tiff",
        b"\x1a\x45\xdf\xa3 matroska",
        b"\0\0\0\x14ftypavif\0\0\0\0avif",
    ];
    for bytes in others {
        check_refused(bytes, "file_type_not_allowed");
    }
    check_refused(b"", "file_empty");
}

#[test]
fn a_type_is_refused_or_found_too_large_at_its_first_bytes() {
    assert_eq!(claim(JPEG, 20 << 20), Ok(Media::Jpeg));
    assert_eq!(claim(JPEG, (20 << 20) + 1), Err(Fault::TooLarge { max: 20 << 20 }));
    assert_eq!(claim(MOV, 200 << 20), Ok(Media::Mov));
    assert_eq!(claim(b"GIF89a", 10), Err(Fault::TypeNotAllowed));
}

#[test]
fn every_file_cut_short_is_refused() {
    for (number, (bytes, ..)) in SAMPLES.iter().enumerate() {
        for end in 0..bytes.len() {
            // The line end of a PDF and the optional index of fragments may be missing.
            let rest = &bytes[end..];
            let optional = rest.trim_ascii().is_empty() || rest.get(4..8) == Some(b"mfra");
            assert!(optional || sniff(&bytes[..end]).is_err(), "sample {number} cut at {end}");
        }
    }
}

#[test]
fn a_picture_is_measured_before_it_is_decoded() {
    assert_eq!(sniff(&png(5_000, 10_000)).unwrap().pixels, Pixels::new(5_000, 10_000).ok());
    check_refused(&png(100_000, 100_000), "file_too_many_pixels");
    check_refused(&png(7_072, 7_072), "file_too_many_pixels");
    check_refused(&png(20_001, 1), "file_too_many_pixels");
    check_refused(&png(0, 10), "file_no_pixels");
    let frame = [0xff, 0xc0, 0, 17, 8];
    let sides = |down: u16, across: u16| {
        let sides = joined(&[&frame, &down.to_be_bytes(), &across.to_be_bytes()]);
        replaced(JPEG, &joined(&[&frame, &[0, 24, 0, 32]]), &sides)
    };
    check_refused(&sides(65_535, 65_535), "file_too_many_pixels");
    check_refused(&sides(0, 32), "file_no_pixels");
    let size = |across: u32| joined(&[&across.to_be_bytes(), &64_u32.to_be_bytes()]);
    check_refused(&replaced(HEIC, &size(64), &size(30_000)), "file_too_many_pixels");
    let canvas = boxed(b"ispe", &joined(&[&[0; 4], &size(0)]));
    let real = boxed(b"ispe", &joined(&[&[0; 4], &size(64)]));
    check_refused(&replaced(HEIC, &real, &canvas), "file_no_pixels");
    let side = |px: u32| (px << 16).to_be_bytes();
    let film = joined(&[&side(64), &side(48)]);
    check_refused(
        &replaced(MP4, &film, &joined(&[&side(30_000), &side(48)])),
        "file_too_many_pixels",
    );
}

#[test]
fn foreign_bytes_behind_a_file_are_refused() {
    let tails: [&[u8]; 5] = [
        b"<script>alert(1)</script>",
        b"\n*/alert(1)//",
        b"PK\x03\x04 no directory",
        b"%PDF-1.7\n",
        b"MZ\x90\0",
    ];
    for tail in tails {
        for bytes in [JPEG, PNG, WEBP, HEIC, MP4, MOV, PDF] {
            assert!(sniff(&joined(&[bytes, tail])).is_err(), "{tail:?}");
        }
        let apart = [0; 2_000];
        check_refused(&joined(&[JPEG, &apart, tail]), "file_trailing_bytes");
        check_refused(&joined(&[PNG, &apart, tail]), "file_trailing_bytes");
        check_refused(&joined(&[PDF, &apart, tail]), "file_trailing_bytes");
    }
}

#[test]
fn a_file_that_is_also_an_archive_is_refused() {
    for bytes in [JPEG, PNG, WEBP, HEIC, PDF] {
        check_refused(&joined(&[bytes, &zip_end(b"")]), "file_disguised");
        check_refused(&joined(&[bytes, &zip_end(&[b' '; 60_000])]), "file_disguised");
    }
    let inside = chunk(b"teXt", &zip_end(b"comment that runs to the end"));
    let end = chunk(b"IEND", b"");
    check_refused(&replaced(PNG, &end, &joined(&[&inside, &end])), "file_disguised");
    check_refused(&joined(&[MP4, &boxed(b"free", &zip_end(b""))]), "file_disguised");
    check_refused(&joined(&[JPEG, b"Rar!\x1a\x07\x01\0", b"SEFT"]), "file_disguised");
}

#[test]
fn a_file_that_begins_as_two_types_is_refused() {
    let comment = |text: &[u8]| {
        let length = u16::try_from(text.len() + 2).unwrap().to_be_bytes();
        joined(&[b"\xff\xd8\xff\xfe", &length, text, &JPEG[2..]])
    };
    assert!(sniff(&comment(b"taken in the kitchen")).is_ok());
    check_refused(&comment(b"<html><body>"), "file_disguised");
    check_refused(&comment(b"%PDF-1.4"), "file_disguised");
    check_refused(&comment(b"<SCRIPT >"), "file_disguised");
    let tape = joined(&[&[b' '; 251], b"ustar"]);
    check_refused(&comment(&tape), "file_disguised");
    check_refused(&comment(&joined(&[&[b' '; 3_000], b"<svg onload=x>"])), "file_active_content");
    let film = joined(&[MP4, &boxed(b"free", b"<iframe src=x>")]);
    check_refused(&film, "file_active_content");
}

#[test]
fn what_cameras_write_behind_a_picture_is_taken() {
    let padding = [0; 100];
    let motion = joined(&[JPEG, &padding, MP4]);
    for bytes in [
        joined(&[JPEG, JPEG]),
        joined(&[JPEG, &padding]),
        motion.clone(),
        joined(&[&motion, b"note of the maker SEFT"]),
        joined(&[JPEG, b"vivo{}\0\0\0\0\xff\xff\xff\xff\x1b*9HWfu\x84\x93\xa2\xb1"]),
        joined(&[JPEG, b"notes jxrs\x01\0\0\0"]),
    ] {
        assert!(sniff(&bytes).is_ok());
    }
    check_refused(&joined(&[JPEG, &[0; 2_000], b"<script>SEFT"]), "file_trailing_bytes");
    check_refused(&JPEG.repeat(40), "file_too_elaborate");
}

#[test]
fn animated_pictures_are_refused() {
    let control = chunk(b"acTL", &[0; 8]);
    let header = PNG[..33].to_vec();
    check_refused(&joined(&[&header, &control, &PNG[33..]]), "file_animated");
    let extended = [2, 0, 0, 0, 31, 0, 0, 23, 0, 0];
    let body = joined(&[b"WEBPVP8X", &10_u32.to_le_bytes(), &extended, &WEBP[12..]]);
    let length = u32::try_from(body.len()).unwrap().to_le_bytes();
    check_refused(&joined(&[b"RIFF", &length, &body]), "file_animated");
}

#[test]
fn a_png_with_a_wrong_checksum_is_refused() {
    let mut bytes = PNG.to_vec();
    let middle = bytes.len() - 20;
    bytes[middle] ^= 1;
    check_refused(&bytes, "file_broken");
}

#[test]
fn a_pdf_that_acts_is_refused() {
    assert!(sniff(&pdf("", b"")).is_ok());
    for entries in [
        "/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>",
        "/OpenAction << /S /J#61va#53cript /JS (x) >>",
        "/OpenAction << /S /URI /URI (https://example.com) >>",
        "/OpenAction << /S /Launch /F (calc.exe) >>",
        "/AA << /WC 4 0 R >>",
        "/A#41 << >>",
        "/JS (x)",
        "/Names << /EmbeddedFiles 4 0 R >>",
        "/AcroForm << /XFA 4 0 R >>",
        "/AF [ << /Type /EmbeddedFile >> ]",
        "/A << /S /SubmitForm >>",
        "/A << /S /GoToE >>",
    ] {
        check_refused(&pdf(entries, b""), "file_active_content");
    }
    check_refused(&pdf("/Encrypt 4 0 R", b""), "file_encrypted");
}

#[test]
fn a_pdf_may_open_at_a_page_and_link_to_a_site() {
    let goto: &[u8] = b"4 0 obj\n<< /S /GoTo /D [2 0 R /Fit] >>\nendobj\n";
    let leave: &[u8] = b"4 0 obj\n<< /S /URI /URI (https://example.com) >>\nendobj\n";
    for (entries, objects) in [
        ("/OpenAction [2 0 R /Fit]", b"".as_slice()),
        ("/OpenAction << /Type /Action /S /GoTo /D [2 0 R /Fit] >>", b""),
        ("/OpenAction 4 0 R", goto),
        ("/Names 4 0 R", leave),
    ] {
        assert!(sniff(&pdf(entries, objects)).is_ok(), "{entries}");
    }
    check_refused(&pdf("/OpenAction 4 0 R", leave), "file_active_content");
    check_refused(&pdf("/OpenAction 4 0 R", &joined(&[goto, leave])), "file_active_content");
}

fn object_stream(dictionary: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("9 0 obj\n<< /Type /ObjStm /N 1 /First 4 {dictionary} >>\nstream\n");
    joined(&[head.as_bytes(), body, b"\nendstream\nendobj\n"])
}

#[test]
fn what_a_pdf_packs_away_is_looked_through() {
    let packed = |text: &str| compress_to_vec_zlib(text.as_bytes(), 6);
    let flate = "/Filter /FlateDecode";
    assert!(sniff(&pdf("", &object_stream(flate, &packed("4 0 << /Type /Font >>")))).is_ok());
    for hidden in ["<< /S /JavaScript >>", "<< /JS (x) >>", "<< /AA 5 0 R >>", "<< /S /L#61unch >>"]
    {
        let objects = object_stream(flate, &packed(&format!("4 0 {hidden}")));
        check_refused(&pdf("", &objects), "file_active_content");
    }
    let decoy = joined(&[b"(stream\nx) ", &packed("4 0 << /S /Launch >>")]);
    check_refused(&pdf("", &object_stream(flate, &decoy)), "file_opaque");
    let predictor =
        object_stream("/Filter /FlateDecode /DecodeParms << /Predictor 12 >>", &packed("4 0"));
    check_refused(&pdf("", &predictor), "file_opaque");
    check_refused(&pdf("", &object_stream("/Filter /LZWDecode", b"\x80\x0b")), "file_opaque");
    let link = packed("4 0 << /S /URI /URI (https://example.com) >>");
    let objects = object_stream(flate, &link);
    check_refused(&pdf("/OpenAction 4 0 R", &objects), "file_active_content");
}

#[test]
fn a_pdf_that_unpacks_without_end_is_refused() {
    let bomb = compress_to_vec_zlib(&vec![b' '; 60 << 20], 9);
    let objects = object_stream("/Filter /FlateDecode", &bomb);
    check_refused(&pdf("", &objects), "file_too_elaborate");
}

#[test]
fn a_pdf_made_to_keep_the_reader_busy_is_refused() {
    let names = b"/ObjStm ".repeat(100_000);
    check_refused(&pdf("", &names), "file_opaque");
    let streams = object_stream("/Filter /FlateDecode", &compress_to_vec_zlib(b"4 0", 6));
    check_refused(&pdf("", &streams.repeat(600)), "file_too_elaborate");
    let idle = joined(&[b"\x78\x01", &b"\0\0\0\xff\xff".repeat(400_000)]);
    check_refused(&pdf("", &object_stream("/Filter /FlateDecode", &idle)), "file_opaque");
    let openings = "/OpenAction 4 0 R ".repeat(50_000);
    check_refused(&pdf(&openings, b"4 0 obj\n[2 0 R /Fit]\nendobj\n"), "file_too_elaborate");
    let objects = b"4 0 obj<</S/GoTo ".repeat(50_000);
    assert!(sniff(&pdf("/OpenAction 4 0 R", &objects)).is_ok());
}

#[test]
fn a_short_name_inside_a_stream_is_chance() {
    let picture = b"5 0 obj\n<< /Length 12 >>\nstream\n\x01/JS \x02/AA \x03\nendstream\nendobj\n";
    assert!(sniff(&pdf("", picture)).is_ok());
    let named = b"5 0 obj\n<< /Length 12 >>\nstream\n/JavaScript \nendstream\nendobj\n";
    check_refused(&pdf("", named), "file_active_content");
}

#[test]
fn a_video_that_fetches_or_plays_scenes_is_refused() {
    let inside = b"url \0\0\0\x01";
    check_refused(&replaced(MP4, inside, b"url \0\0\0\0"), "file_active_content");
    check_refused(&replaced(MP4, b"\0vide\0", b"\0flsh\0"), "file_active_content");
    check_refused(&replaced(MP4, b"\0vide\0", b"\0soun\0"), "file_type_not_allowed");
    let no_index = joined(&[&boxed(b"ftyp", b"isom\0\0\0\0"), &boxed(b"mdat", b"x")]);
    check_refused(&no_index, "file_broken");
}

#[test]
fn boxes_without_number_or_depth_are_refused() {
    let many = joined(&[MP4, &boxed(b"free", b"").repeat(30_000)]);
    check_refused(&many, "file_too_elaborate");
    let deep = (0..5_000).fold(Vec::new(), |inner, _| boxed(b"trak", &inner));
    let film =
        joined(&[&boxed(b"ftyp", b"isom\0\0\0\0"), &boxed(b"mdat", b"x"), &boxed(b"moov", &deep)]);
    assert!(sniff(&film).is_err());
    let huge = joined(&[b"\0\0\0\x10ftypisom\0\0\0\0", b"\0\0\0\x01moov\0\0\0\xff\0\0\0\0"]);
    check_refused(&huge, "file_truncated");
}

#[test]
fn a_picture_of_endless_scans_is_refused() {
    let scan = JPEG.windows(2).position(|part| part == b"\xff\xda").unwrap();
    let (before, after) = (&JPEG[..scan], &JPEG[scan..JPEG.len() - 2]);
    check_refused(&joined(&[before, &after.repeat(500), b"\xff\xd9"]), "file_too_elaborate");
}

/// Bytes that begin like a file that is taken, so that the walk goes on.
fn begun() -> impl Strategy<Value = Vec<u8>> {
    let begin = (0..SAMPLES.len()).prop_flat_map(|sample| (Just(SAMPLES[sample].0), 4..400_usize));
    let rest = proptest::collection::vec(any::<u8>(), 0..600);
    (begin, rest).prop_map(|((bytes, end), rest)| joined(&[&bytes[..end.min(bytes.len())], &rest]))
}

/// A sample with bytes changed, cut out, doubled.
fn mutated() -> impl Strategy<Value = Vec<u8>> {
    let change = (any::<proptest::sample::Index>(), any::<u8>(), 0..4_u8);
    let changes = proptest::collection::vec(change, 1..8);
    (0..SAMPLES.len(), changes).prop_map(|(sample, changes)| {
        let mut bytes = SAMPLES[sample].0.to_vec();
        for (at, byte, kind) in changes {
            let at = at.index(bytes.len());
            match kind {
                0 => bytes[at] = byte,
                1 => bytes[at] ^= 1 << (byte % 8),
                2 => drop(bytes.drain(at..bytes.len().min(at + usize::from(byte % 16)))),
                _ => bytes.insert(at, byte),
            }
            if bytes.is_empty() {
                bytes.push(byte);
            }
        }
        bytes
    })
}

fn in_two_ways(bytes: &[u8], step: usize) {
    let whole = sniff(bytes);
    let mut sniffer = Sniffer::new(bytes.len() as u64);
    let fed = bytes.chunks(step).try_for_each(|part| sniffer.feed(part));
    let parts = fed.and_then(|()| sniffer.finish());
    assert_eq!(parts.is_ok(), whole.is_ok());
}

proptest! {

    #[test]
    fn no_bytes_bring_it_down(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _either = sniff(&bytes);
    }

    #[test]
    fn no_begun_file_brings_it_down(bytes in begun(), step in 1..700_usize) {
        in_two_ways(&bytes, step);
    }

    #[test]
    fn no_mutated_file_brings_it_down(bytes in mutated(), step in 1..700_usize) {
        in_two_ways(&bytes, step);
    }
}
