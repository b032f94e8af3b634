//! A small canvas: flat shapes in a few colours, written as a real PNG.

use bytes::Bytes;
use miniz_oxide::deflate::compress_to_vec_zlib;

/// Pixels across.
pub const WIDTH: i32 = 320;
/// Pixels down.
pub const HEIGHT: i32 = 240;
/// How hard a picture is packed.
const LEVEL: u8 = 6;

/// The colours, by the name that shapes call them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Ink {
    Table,
    Grain,
    Shadow,
    White,
    Grey,
    Black,
    Leaf,
    DarkLeaf,
    Jade,
    DarkJade,
    Red,
    Gold,
    Brown,
    Mould,
    Card,
    Pink,
}

const PALETTE: [[u8; 3]; 16] = [
    [214, 196, 168],
    [201, 181, 150],
    [150, 131, 104],
    [247, 247, 244],
    [170, 174, 178],
    [40, 42, 46],
    [128, 158, 84],
    [68, 98, 48],
    [176, 208, 190],
    [92, 140, 120],
    [190, 52, 44],
    [224, 168, 60],
    [122, 78, 44],
    [108, 116, 92],
    [190, 150, 104],
    [232, 170, 176],
];

/// A picture in the making.
pub struct Canvas {
    pixels: Vec<u8>,
}

impl Canvas {
    /// A table of wood, seen from above.
    pub fn table() -> Self {
        let area = usize::try_from(WIDTH * HEIGHT).unwrap_or(0);
        let mut canvas = Self { pixels: vec![Ink::Table as u8; area] };
        for row in 0..12 {
            canvas.rect((0, row * 21 + (row % 3) * 4), (WIDTH, 2), Ink::Grain);
        }
        canvas
    }

    /// A rectangle from its upper left corner.
    pub fn rect(&mut self, (x, y): (i32, i32), (width, height): (i32, i32), ink: Ink) {
        for row in y.max(0)..(y + height).min(HEIGHT) {
            self.row(row, (x, x + width), ink);
        }
    }

    /// An ellipse around its middle.
    pub fn oval(&mut self, (x, y): (i32, i32), (across, down): (i32, i32), ink: Ink) {
        let (across, down) = (across.max(1), down.max(1));
        for row in (y - down).max(0)..(y + down + 1).min(HEIGHT) {
            let rest = down * down - (row - y) * (row - y);
            let half = root(rest.max(0) * across * across / (down * down));
            self.row(row, (x - half, x + half + 1), ink);
        }
    }

    /// A line of some thickness.
    pub fn line(&mut self, (x, y): (i32, i32), (to_x, to_y): (i32, i32), thick: i32, ink: Ink) {
        let steps = (to_x - x).abs().max((to_y - y).abs()).max(1);
        for step in 0..=steps {
            let at = (x + (to_x - x) * step / steps, y + (to_y - y) * step / steps);
            self.rect(at, (thick, thick), ink);
        }
    }

    fn row(&mut self, row: i32, (from, to): (i32, i32), ink: Ink) {
        let at = |x: i32| usize::try_from(row * WIDTH + x.clamp(0, WIDTH)).unwrap_or(0);
        if let Some(part) = self.pixels.get_mut(at(from)..at(to.max(from))) {
            part.fill(ink as u8);
        }
    }

    /// The picture as a PNG with a palette.
    pub fn png(&self) -> Bytes {
        let width = usize::try_from(WIDTH).unwrap_or(1);
        let mut lines = Vec::with_capacity(self.pixels.len() + self.pixels.len() / width);
        for line in self.pixels.chunks(width) {
            // Each line begins with its filter: none.
            lines.push(0);
            lines.extend_from_slice(line);
        }
        let mut header = Vec::new();
        header.extend(WIDTH.to_be_bytes());
        header.extend(HEIGHT.to_be_bytes());
        // Eight bits a pixel, a palette, the usual methods, not interlaced.
        header.extend([8, 3, 0, 0, 0]);
        let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
        chunk(&mut png, b"IHDR", &header);
        chunk(&mut png, b"PLTE", PALETTE.as_flattened());
        chunk(&mut png, b"IDAT", &compress_to_vec_zlib(&lines, LEVEL));
        chunk(&mut png, b"IEND", &[]);
        png.into()
    }
}

/// The whole root of a number that is not negative.
fn root(of: i32) -> i32 {
    u32::try_from(of).map_or(0, u32::isqrt).try_into().unwrap_or(0)
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
