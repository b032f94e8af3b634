//! What is on record of a case (C3): files by side and time, each with the sum that proves it.

use crate::{
    api::problem::Problem,
    assembly::App,
    evidence::{Fault, StoredFile},
    pages::{page::name_of, text::Texts},
};
use domain::{
    case::{Case, Exhibit},
    id::{FileId, ShopId},
    moment::Moment,
};

/// Files shown of one case.
pub const SHOWN_MAX: usize = 300;

/// One file on record.
#[derive(Clone, Debug)]
pub struct Shown {
    /// Which.
    pub file_id: FileId,
    /// `buyer`, `merchant`, `platform`.
    pub side: String,
    /// The side in a word.
    pub side_word: String,
    /// When it was put on record.
    pub at: Moment,
    /// How it is shown: `picture`, `video`, `paper`, or `gone` if it is not there any more.
    pub look: &'static str,
    /// As what it counts, in a word.
    pub kind_word: String,
    /// What it was called on the device.
    pub name: Option<String>,
    /// `1.2 MB`.
    pub size: String,
    /// The first digits of its SHA-256 sum.
    pub sum: String,
}

/// The files on record of a case, oldest first.
///
/// # Errors
/// A [`Problem`] if the database cannot say.
pub async fn of_case(
    app: &App,
    shop_id: &ShopId,
    case: &Case,
    texts: Texts,
) -> Result<Vec<Shown>, Problem> {
    let mut shown = Vec::new();
    for exhibit in case.exhibits.iter().take(SHOWN_MAX) {
        let file = match app.files.file(shop_id, &exhibit.file_id).await {
            Ok(file) => Some(file),
            Err(Fault::Store(fault)) => return Err(Problem::fault(&fault, texts.0)),
            Err(_) => None,
        };
        shown.push(one(exhibit, file.as_ref(), texts));
    }
    Ok(shown)
}

fn one(exhibit: &Exhibit, file: Option<&StoredFile>, texts: Texts) -> Shown {
    let side = name_of(&exhibit.side);
    Shown {
        file_id: exhibit.file_id.clone(),
        side_word: texts.word_of("side", &side),
        side,
        at: exhibit.at,
        look: file.map_or("gone", look),
        kind_word: file.map(|file| texts.word_of("kind", &name_of(&file.kind))).unwrap_or_default(),
        name: file.and_then(|file| file.name.as_ref()).map(|name| name.as_str().to_owned()),
        size: file.map(|file| size(file.size)).unwrap_or_default(),
        sum: file
            .map(|file| file.sha256.to_string().chars().take(12).collect())
            .unwrap_or_default(),
    }
}

/// How a file is shown.
#[must_use]
pub fn look(file: &StoredFile) -> &'static str {
    match file.media.content_type().split('/').next() {
        Some("image") => "picture",
        Some("video") => "video",
        Some(_) | None => "paper",
    }
}

/// `820 B`, `12 KB`, `1.2 MB`.
#[must_use]
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} KB", bytes / 1_000),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}
