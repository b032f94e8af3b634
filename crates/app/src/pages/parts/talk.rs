//! The conversation of a case (C2), with the notes inside the shop apart (M4).

use crate::pages::{page::name_of, text::Texts};
use domain::{
    actor::Side,
    case::{Audience, Case, Message},
    id::FileId,
    moment::Moment,
};

/// One line of the conversation.
#[derive(Clone, Debug)]
pub struct Said {
    /// `buyer`, `merchant`, `platform`, `system`.
    pub side: String,
    /// The side in a word.
    pub side_word: String,
    /// Whether the reader's own side said it.
    pub mine: bool,
    /// When.
    pub at: Moment,
    /// What.
    pub text: String,
    /// With which files.
    pub files: Vec<FileId>,
}

/// What everybody may read.
#[must_use]
pub fn open(case: &Case, reader: Side, texts: Texts) -> Vec<Said> {
    of(case, Audience::Everyone, reader, texts)
}

/// What the merchant's people alone may read; nothing for other readers.
#[must_use]
pub fn internal(case: &Case, reader: Side, texts: Texts) -> Vec<Said> {
    match reader {
        Side::Merchant => of(case, Audience::Merchant, reader, texts),
        Side::Buyer | Side::Platform | Side::System => Vec::new(),
    }
}

fn of(case: &Case, audience: Audience, reader: Side, texts: Texts) -> Vec<Said> {
    let messages = case.messages.iter().filter(|message| message.audience == audience);
    messages.map(|message| said(message, reader, texts)).collect()
}

fn said(message: &Message, reader: Side, texts: Texts) -> Said {
    let side = name_of(&message.side);
    // What the system says, it says for the shop and by itself (I1).
    let side_word = match message.side {
        Side::System => texts.t("talk-automatic"),
        Side::Buyer | Side::Merchant | Side::Platform => texts.word_of("side", &side),
    };
    Said {
        side_word,
        side,
        mine: message.side == reader,
        at: message.at,
        text: message.text.clone(),
        files: message.files.clone(),
    }
}
