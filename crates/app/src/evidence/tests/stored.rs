//! Files on record: whole in one call, read again, proved unchanged; and every fault in words.

use super::{World, buyer, check_code, id, new, send};
use crate::evidence::{
    Digest, Fault, Files, Integrity, NewUpload, Storage, WHOLE_BYTES_MAX,
    fixture::{JPEG, PDF, PNG, SAMPLES, joined},
    sniff,
    words::{SENTENCES, sentence},
};
use bytes::Bytes;
use domain::{
    id::{FileId, ShopId},
    policy::Language,
};
use engine::ports::StoreFault;
use futures_util::TryStreamExt as _;
use std::sync::Arc;

async fn all(files: &Files, file_id: &FileId) -> Vec<u8> {
    let (_, bytes) = files.open(&buyer("b1").shop_id, file_id).await.unwrap();
    bytes.try_fold(Vec::new(), async |all, part| Ok([all, part.to_vec()].concat())).await.unwrap()
}

#[tokio::test]
async fn every_type_comes_back_as_it_came() {
    let world = World::new().await;
    let (files, who) = (world.files(), buyer("b1"));
    for (number, (bytes, media, _)) in SAMPLES.iter().enumerate() {
        let new = new(number as u128, bytes);
        let whole = Bytes::from_static(bytes);
        let file = files.put_whole(&who, &new, whole, world.now).await.unwrap();

        assert_eq!(file.media, *media);
        assert_eq!(all(&files, &file.file_id).await, *bytes);
        let part = files.read(&file, Some(10..20)).await.unwrap();
        assert_eq!(part.try_collect::<Vec<_>>().await.unwrap().concat(), bytes[10..20]);
        let verified = files.verify(&who.shop_id, &file.file_id).await.unwrap();
        assert_eq!(verified, Integrity::Whole);
    }
}

#[tokio::test]
async fn a_whole_file_sent_again_is_the_same_file() {
    let world = World::new().await;
    let (files, who) = (world.files(), buyer("b1"));
    let unsummed = NewUpload { sha256: None, ..new(1, JPEG) };

    let file = files.put_whole(&who, &unsummed, JPEG.into(), world.now).await.unwrap();
    assert_eq!(files.put_whole(&who, &unsummed, JPEG.into(), world.now).await.unwrap(), file);
    let other = files.put_whole(&who, &new(1, PNG), PNG.into(), world.now).await;
    check_code(other, "upload_id_taken");

    assert_eq!(file.sha256, Digest::of(JPEG));
    assert_eq!(world.paths().len(), 1);
}

#[tokio::test]
async fn a_whole_file_that_is_not_fit_leaves_nothing() {
    let world = World::new().await;
    let (files, who) = (world.files(), buyer("b1"));
    let bad = joined(&[PDF, b"PK\x05\x06", &[0; 18]]);
    let sent = files.put_whole(&who, &new(1, &bad), bad.clone().into(), world.now).await;
    check_code(sent, "file_disguised");
    check_code(files.status(&who, id(1), world.now).await, "file_not_found");

    let wrong = NewUpload { sha256: Some(Digest::of(b"x")), ..new(2, JPEG) };
    check_code(
        files.put_whole(&who, &wrong, JPEG.into(), world.now).await,
        "upload_digest_differs",
    );
    let large = NewUpload { size: WHOLE_BYTES_MAX + 1, ..new(3, JPEG) };
    check_code(files.put_whole(&who, &large, JPEG.into(), world.now).await, "upload_in_parts");
    assert!(world.paths().is_empty());
}

#[tokio::test]
async fn changed_bytes_are_noticed() {
    let world = World::new().await;
    let (files, who) = (world.files(), buyer("b1"));
    let begun = files.begin(&who, &new(1, JPEG), world.now).await.unwrap();
    let file = send(&files, &who, begun, JPEG, world.now).await.unwrap();
    let path = world.bytes_folder().join(&world.paths()[0]);
    let verify = || files.verify(&who.shop_id, &file.file_id);

    for at in [0, JPEG.len() / 2, JPEG.len() - 1] {
        let mut changed = JPEG.to_vec();
        changed[at] ^= 1;
        std::fs::write(&path, changed).unwrap();
        assert_eq!(verify().await.unwrap(), Integrity::Damaged);
    }
    for other in [&JPEG[..100], b"", &joined(&[JPEG, b"\0"])] {
        std::fs::write(&path, other).unwrap();
        assert_eq!(verify().await.unwrap(), Integrity::Damaged);
    }
    std::fs::write(&path, JPEG).unwrap();
    assert_eq!(verify().await.unwrap(), Integrity::Whole);
    std::fs::remove_file(&path).unwrap();
    assert_eq!(verify().await.unwrap(), Integrity::Missing);
    check_code(files.open(&who.shop_id, &file.file_id).await.map(drop), "file_damaged");
}

#[tokio::test]
async fn a_file_is_found_only_in_its_shop() {
    let world = World::new().await;
    let (files, who) = (world.files(), buyer("b1"));
    let file = files.put_whole(&who, &new(1, JPEG), JPEG.into(), world.now).await.unwrap();

    let elsewhere = ShopId::parse("shop-2").unwrap();
    check_code(files.file(&elsewhere, &file.file_id).await, "file_not_found");
    for odd in ["..", "x", "018f"] {
        let odd = FileId::parse(odd).unwrap();
        check_code(files.file(&who.shop_id, &odd).await, "file_not_found");
    }
}

#[tokio::test]
async fn files_may_lie_in_any_object_store() {
    let world = World::new().await;
    let memory = Storage::over(Arc::new(object_store::memory::InMemory::new()));
    let files = Files::new(Arc::clone(&world.store), memory, world.limits);
    let (who, bytes) = (buyer("b1"), super::film());
    let begun = files.begin(&who, &new(1, &bytes), world.now).await.unwrap();

    let file = send(&files, &who, begun, &bytes, world.now).await.unwrap();

    assert_eq!(all(&files, &file.file_id).await, bytes);
    files.sweep(world.now).await.unwrap();
}

#[test]
fn a_storage_that_is_not_known_is_refused() {
    for url in ["ftp://host/path", "http://host"] {
        check_code(Storage::open(url, &[]).map(|_| ()), "file_unavailable");
    }
}

/// One of each: the compiler cannot count variants, so a new one is added here by hand.
fn faults() -> Vec<Fault> {
    let unfit = [
        sniff::Fault::Empty,
        sniff::Fault::TypeNotAllowed,
        sniff::Fault::TooLarge { max: 1 },
        sniff::Fault::Truncated,
        sniff::Fault::Broken("x"),
        sniff::Fault::NoPixels,
        sniff::Fault::TooManyPixels,
        sniff::Fault::TrailingBytes,
        sniff::Fault::Disguised,
        sniff::Fault::ActiveContent("x"),
        sniff::Fault::Animated,
        sniff::Fault::Encrypted,
        sniff::Fault::Opaque("x"),
        sniff::Fault::TooElaborate("x"),
    ];
    let others = vec![
        Fault::NotFound("file"),
        Fault::WrongOffset { next_offset: 1 },
        Fault::WrongLength { expected: 1 },
        Fault::PartDiffers { offset: 1 },
        Fault::DigestDiffers,
        Fault::Unfinished { next_offset: 1 },
        Fault::Expired,
        Fault::IdTaken,
        Fault::TooLargeAtOnce { max: 1 },
        Fault::TooManyOpen { max: 1 },
        Fault::QuotaUsedUp,
        Fault::Busy,
        Fault::Damaged,
        Fault::Unreadable("x"),
        Fault::Configuration("x".into()),
        Fault::Store(StoreFault::Busy("x".into())),
    ];
    unfit.into_iter().map(Fault::from).chain(others).collect()
}

#[test]
fn every_fault_has_its_sentence_in_both_languages() {
    for fault in faults() {
        for language in [Language::Zh, Language::En] {
            assert!(sentence(fault.code(), language).is_some(), "{}", fault.code());
        }
    }
    let mut codes: Vec<_> = SENTENCES.iter().map(|(code, ..)| *code).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), SENTENCES.len());
}
