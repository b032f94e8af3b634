//! Pictures to stand for the photos that people send: drawn, but of the goods in question and of
//! what is wrong with them.

use super::{
    canvas::{Canvas, HEIGHT, Ink, WIDTH},
    dice::Dice,
};
use bytes::Bytes;

/// From where something is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// As a whole, with what is wrong with it.
    Whole,
    /// What is wrong with it, from near.
    Near,
    /// The parcel it came in.
    Parcel,
    /// As it left the shop: nothing is wrong.
    AsSent,
}

/// What is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Subject {
    Fruit(Ink),
    Crab,
    Tin(Ink),
    Cup(Ink),
    Tube,
    Screen,
}

/// What is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Flaw {
    None,
    Mould,
    Crack,
    Stain,
    Gap,
}

/// A picture of goods, for a reason, from somewhere; the number makes it one of its kind.
pub fn picture((sku, reason): (&str, &str), view: View, n: usize) -> Bytes {
    let mut dice = Dice::new(u64::try_from(n).unwrap_or(0).wrapping_mul(7_919));
    let mut canvas = Canvas::table();
    let flaw = if view == View::AsSent { Flaw::None } else { flaw(reason) };
    match view {
        View::Parcel => parcel(&mut canvas, &mut dice),
        View::Near => one(&mut canvas, (subject(sku), flaw), (WIDTH / 2, 120, 92), &mut dice),
        View::Whole | View::AsSent => {
            let slip = i32::try_from(dice.between(0, 30)).unwrap_or(0);
            one(&mut canvas, (subject(sku), flaw), (130 + slip, 124, 54), &mut dice);
        }
    }
    if view == View::AsSent {
        // The warehouse puts a ruler beside it.
        canvas.rect((24, 214), (272, 14), Ink::Gold);
        for mark in 0..28 {
            let long = if mark % 5 == 0 { 9 } else { 5 };
            canvas.rect((28 + mark * 10, 214), (1, long), Ink::Black);
        }
    }
    canvas.png()
}

fn subject(sku: &str) -> Subject {
    match sku.split('-').next().unwrap_or_default() {
        "APPLE" => Subject::Fruit(Ink::Red),
        "ORANGE" | "MANGO" => Subject::Fruit(Ink::Gold),
        "BERRY" => Subject::Fruit(Ink::Pink),
        "BLUE" => Subject::Fruit(Ink::DarkJade),
        "PEAR" => Subject::Fruit(Ink::Leaf),
        "CRAB" => Subject::Crab,
        "KB" => Subject::Tube,
        "XN" => Subject::Screen,
        "CUP" | "VASE" | "TABLE" | "GW" | "DZ" => Subject::Cup(Ink::Jade),
        "MUG" => Subject::Cup(Ink::Card),
        "GDB" | "LX" | "LPP" => Subject::Cup(Ink::White),
        "PE" | "BC" | "XQG" => Subject::Tin(Ink::Brown),
        "DHP" | "QH" => Subject::Tin(Ink::Red),
        _ => Subject::Tin(Ink::DarkLeaf),
    }
}

fn flaw(reason: &str) -> Flaw {
    let starts = |start: &str| reason.starts_with(start);
    if reason.ends_with("spoiled") {
        Flaw::Mould
    } else if starts("logistics") {
        Flaw::Crack
    } else if starts("missing") {
        Flaw::Gap
    } else if starts("quality") || starts("mismatch") || starts("counterfeit") {
        Flaw::Stain
    } else {
        Flaw::None
    }
}

fn one(
    canvas: &mut Canvas,
    (subject, flaw): (Subject, Flaw),
    (x, y, size): (i32, i32, i32),
    dice: &mut Dice,
) {
    canvas.oval((x + size / 8, y + size * 5 / 6), (size * 5 / 4, size / 3), Ink::Shadow);
    match subject {
        Subject::Fruit(ink) => fruits(canvas, (ink, flaw), (x, y, size)),
        Subject::Crab => crab(canvas, (x, y, size)),
        Subject::Tin(ink) => tin(canvas, ink, (x, y, size)),
        Subject::Cup(ink) => cup(canvas, ink, (x, y, size)),
        Subject::Tube => tube(canvas, (x, y, size)),
        Subject::Screen => screen(canvas, (x, y, size)),
    }
    wrong(canvas, flaw, (x, y, size), dice);
}

fn fruits(canvas: &mut Canvas, (ink, flaw): (Ink, Flaw), (x, y, size): (i32, i32, i32)) {
    let places = [(-size, size / 3), (size, size / 3), (0, 0)];
    let shown = if flaw == Flaw::Gap { 1 } else { 0 };
    for (dx, dy) in places.into_iter().skip(shown) {
        canvas.oval((x + dx, y + dy), (size * 3 / 4, size * 2 / 3), ink);
        canvas.oval((x + dx - size / 4, y + dy - size / 4), (size / 6, size / 8), Ink::White);
        canvas.rect((x + dx - 2, y + dy - size * 5 / 6), (4, size / 4), Ink::Brown);
        canvas.oval((x + dx + size / 5, y + dy - size * 3 / 4), (size / 5, size / 10), Ink::Leaf);
    }
}

fn crab(canvas: &mut Canvas, (x, y, size): (i32, i32, i32)) {
    for leg in -2..3 {
        let end = (x + leg * size / 2, y + size);
        canvas.line((x, y + size / 3), end, 5, Ink::DarkJade);
    }
    canvas.line((x - size / 2, y), (x - size * 5 / 4, y - size / 2), 8, Ink::DarkJade);
    canvas.line((x + size / 2, y), (x + size * 5 / 4, y - size / 2), 8, Ink::DarkJade);
    canvas.oval((x, y), (size, size * 2 / 3), Ink::DarkJade);
    canvas.line((x - size, y), (x + size, y), 4, Ink::White);
    canvas.line((x, y - size / 2), (x, y + size / 2), 4, Ink::White);
}

fn tin(canvas: &mut Canvas, ink: Ink, (x, y, size): (i32, i32, i32)) {
    let (left, top) = (x - size * 3 / 4, y - size);
    canvas.rect((left, top), (size * 3 / 2, size * 2), ink);
    canvas.oval((x, top), (size * 3 / 4, size / 5), Ink::Gold);
    canvas.rect((left + size / 4, y - size / 3), (size, size * 2 / 3), Ink::White);
    for line in 0..3 {
        let at = (left + size / 3, y - size / 5 + line * size / 5);
        canvas.rect(at, (size * 2 / 3 - line * size / 8, size / 14 + 1), Ink::DarkLeaf);
    }
}

fn cup(canvas: &mut Canvas, ink: Ink, (x, y, size): (i32, i32, i32)) {
    canvas.oval((x + size, y), (size / 3, size / 3), Ink::Grey);
    canvas.oval((x + size, y), (size / 5, size / 5), Ink::Table);
    for step in 0..size {
        let half = size - step * step / (size * 3);
        canvas.rect((x - half, y - size / 2 + step), (half * 2, 1), ink);
    }
    canvas.oval((x, y + size / 2), (size * 2 / 3, size / 5), ink);
    canvas.oval((x, y - size / 2), (size, size / 4), Ink::Grey);
    canvas.oval((x, y - size / 2 + 2), (size * 9 / 10, size / 5), Ink::DarkJade);
}

fn tube(canvas: &mut Canvas, (x, y, size): (i32, i32, i32)) {
    canvas.rect((x - size, y - size / 2), (size * 3 / 2, size), Ink::White);
    canvas.rect((x + size / 2, y - size / 3), (size / 2, size * 2 / 3), Ink::Gold);
    canvas.rect((x - size, y - size / 2), (size / 6, size), Ink::Pink);
    for line in 0..3 {
        let at = (x - size * 2 / 3, y - size / 4 + line * size / 4);
        canvas.rect(at, (size - line * size / 4, size / 16 + 1), Ink::Grey);
    }
}

fn screen(canvas: &mut Canvas, (x, y, size): (i32, i32, i32)) {
    canvas.rect((x - size * 2 / 3, y - size), (size * 4 / 3, size * 2), Ink::Black);
    canvas.rect((x - size * 3 / 5, y - size * 9 / 10), (size * 6 / 5, size * 9 / 5), Ink::White);
    for line in 0..6 {
        let ink = if line == 0 { Ink::DarkJade } else { Ink::Grey };
        let at = (x - size / 2, y - size * 3 / 4 + line * size / 4);
        canvas.rect(at, (size - (line % 3) * size / 5, size / 10 + 1), ink);
    }
}

fn wrong(canvas: &mut Canvas, flaw: Flaw, (x, y, size): (i32, i32, i32), dice: &mut Dice) {
    let mut some = |least: i32, most: i32| {
        let span = u32::try_from(most - least).unwrap_or(0);
        least + i32::try_from(dice.between(0, span)).unwrap_or(0)
    };
    match flaw {
        Flaw::None => {}
        Flaw::Mould => {
            for _ in 0..14 {
                let at = (x + some(-size / 2, size / 2), y + some(-size / 3, size / 3));
                canvas.oval(at, (size / 9, size / 11), Ink::Mould);
                canvas.oval((at.0 - 2, at.1 - 2), (size / 18, size / 22), Ink::White);
            }
        }
        Flaw::Crack => {
            let mut at = (x - size / 4, y - size / 2);
            for _ in 0..6 {
                let to = (at.0 + some(-size / 8, size / 4), at.1 + size / 5);
                canvas.line(at, to, 3, Ink::Black);
                canvas.line(to, (to.0 + some(4, size / 4), to.1 + some(-6, 6)), 2, Ink::Black);
                at = to;
            }
        }
        Flaw::Stain => {
            let at = (x + some(-size / 4, size / 4), y + some(0, size / 3));
            canvas.oval(at, (size / 4, size / 6), Ink::Brown);
            canvas.oval((at.0 + 3, at.1 + 2), (size / 7, size / 10), Ink::Mould);
        }
        Flaw::Gap => {
            canvas.rect((x + size, y - size / 2), (size, size * 4 / 3), Ink::Card);
            canvas.rect(
                (x + size + 5, y - size / 2 + 5),
                (size - 10, size * 4 / 3 - 10),
                Ink::Shadow,
            );
        }
    }
}

/// A carton with its label and a corner that was pushed in.
fn parcel(canvas: &mut Canvas, dice: &mut Dice) {
    canvas.oval((170, 206), (130, 24), Ink::Shadow);
    canvas.rect((60, 50), (210, 150), Ink::Card);
    canvas.rect((60, 50), (210, 26), Ink::Brown);
    canvas.rect((154, 50), (22, 150), Ink::Gold);
    canvas.rect((84, 100), (96, 66), Ink::White);
    let mut x = 92;
    while x < 170 {
        let wide = i32::try_from(dice.between(1, 4)).unwrap_or(1);
        canvas.rect((x, 106), (wide, 26), Ink::Black);
        x += wide + 2;
    }
    for line in 0..3 {
        canvas.rect((92, 140 + line * 8), (70 - line * 14, 3), Ink::Grey);
    }
    for step in 0..7 {
        let at = (270 - step * 6, HEIGHT - 40 - step * 3);
        canvas.line(at, (270, 160 - step * 4), 3, Ink::Shadow);
    }
}
