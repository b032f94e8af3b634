//! A picture to stand for the photos that buyers send: small, but a real PNG.

use bytes::Bytes;
use miniz_oxide::deflate::compress_to_vec_zlib;

/// Pixels on each side.
const SIDE: u32 = 96;
/// How hard it is packed.
const LEVEL: u8 = 6;

/// A picture in a colour of its own: a pale ground with a darker stain.
pub fn png(tint: u8) -> Bytes {
    let mut pixels = Vec::new();
    for y in 0..SIDE {
        // Each line begins with its filter: none.
        pixels.push(0);
        for x in 0..SIDE {
            let (dx, dy) = (x.abs_diff(SIDE / 2), y.abs_diff(SIDE / 2));
            let is_stain = dx * dx + dy * dy < SIDE * SIDE / 9;
            let shade = if is_stain { 96 } else { 224 };
            pixels.extend([shade, tint.wrapping_add(shade / 2), tint]);
        }
    }
    let mut header = Vec::new();
    header.extend(SIDE.to_be_bytes());
    header.extend(SIDE.to_be_bytes());
    // Eight bits a channel, red green blue, the usual methods, not interlaced.
    header.extend([8, 2, 0, 0, 0]);
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    chunk(&mut png, b"IHDR", &header);
    chunk(&mut png, b"IDAT", &compress_to_vec_zlib(&pixels, LEVEL));
    chunk(&mut png, b"IEND", &[]);
    png.into()
}

/// Length, name, content, checksum of name and content.
fn chunk(png: &mut Vec<u8>, name: &[u8; 4], content: &[u8]) {
    png.extend(u32::try_from(content.len()).unwrap_or(0).to_be_bytes());
    let begin = png.len();
    png.extend(name);
    png.extend(content);
    let sum = crc32(png.get(begin..).unwrap_or_default());
    png.extend(sum.to_be_bytes());
}

/// CRC-32 as ISO 3309 has it, bit by bit: the pictures are small.
fn crc32(bytes: &[u8]) -> u32 {
    let rest = bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            (sum >> 1) ^ (0xedb8_8320 & 0u32.wrapping_sub(sum & 1))
        })
    });
    !rest
}
