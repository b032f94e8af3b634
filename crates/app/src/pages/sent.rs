//! A form that may bring files along (`multipart/form-data`), as a browser without script sends
//! pictures; a form without files is read as well.

use super::{fields::Fields, visit::Visit};
use crate::{
    api::problem::Problem,
    assembly::App,
    evidence::{
        Digest, Fault, FileName, NewUpload, PART_BYTES, Part, UploadId, Uploader, WHOLE_BYTES_MAX,
        http, words,
    },
    world::new_uuid,
};
use axum::{
    body::Bytes,
    extract::{FromRequest, Multipart, Request, multipart::MultipartError},
    http::{StatusCode, header},
};
use domain::{
    application::FILES_MAX,
    id::{FileId, OrderId},
    policy::Language,
};
use std::sync::Arc;

/// The largest form with files.
pub const SENT_BYTES_MAX: usize = 48 * 1024 * 1024;
/// The most parts of a form.
const PARTS_MAX: usize = 200;

/// A form with its files.
#[derive(Clone, Debug, Default)]
pub struct Sent {
    /// What was typed.
    pub fields: Fields,
    /// What was attached.
    pub files: Vec<Attached>,
}

/// One file of a form.
#[derive(Clone, Debug)]
pub struct Attached {
    /// By which field of the form it came.
    pub field: String,
    /// What it is called on the device.
    pub name: String,
    /// What is in it.
    pub bytes: Bytes,
}

impl FromRequest<Arc<App>> for Sent {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Self::Rejection> {
        let kind = request.headers().get(header::CONTENT_TYPE);
        let kind = kind.and_then(|value| value.to_str().ok()).unwrap_or_default();
        if !kind.starts_with("multipart/form-data") {
            let fields = Fields::from_request(request, app).await?;
            return Ok(Self { fields, files: Vec::new() });
        }
        let language = super::visit::language_of(request.headers());
        let malformed = || Problem::new(StatusCode::BAD_REQUEST, "request_malformed", language);
        let parts = Multipart::from_request(request, app).await.map_err(|_| malformed())?;
        read(parts, language).await
    }
}

async fn read(mut parts: Multipart, language: Language) -> Result<Sent, Problem> {
    let too_large = || Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", language);
    let wrong = |error: MultipartError| {
        if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
            return too_large();
        }
        Problem::new(StatusCode::BAD_REQUEST, "request_malformed", language)
    };
    let (mut pairs, mut files, mut told) = (Vec::new(), Vec::new(), Vec::<u8>::new());
    for _ in 0..=PARTS_MAX {
        let Some(part) = parts.next_field().await.map_err(wrong)? else {
            let mut fields = Fields::sent(pairs);
            fields.body = told.into();
            return Ok(Sent { fields, files });
        };
        let field = part.name().unwrap_or_default().to_owned();
        let Some(name) = part.file_name().map(str::to_owned) else {
            let text = part.text().await.map_err(wrong)?;
            told.extend_from_slice(format!("{field}={text}\n").as_bytes());
            pairs.push((field, text));
            continue;
        };
        let bytes = part.bytes().await.map_err(wrong)?;
        // A browser sends a nameless empty file where none was chosen. One that was chosen and is
        // empty is refused by its name, or a person would believe that it was sent.
        if !bytes.is_empty() || !name.is_empty() {
            told.extend_from_slice(format!("{field}:{}\n", Digest::of(&bytes)).as_bytes());
            files.push(Attached { field, name, bytes });
        }
    }
    Err(too_large())
}

/// Puts what was attached on record of an order.
///
/// # Errors
/// A [`Problem`] naming the first file that is not fit.
pub async fn keep(
    app: &App,
    visit: &Visit,
    order_id: &OrderId,
    files: Vec<Attached>,
) -> Result<Vec<FileId>, Problem> {
    match keep_fit(app, visit, order_id, files).await {
        (kept, None) => Ok(kept),
        (_, Some(problem)) => Err(problem),
    }
}

/// Puts what was attached on record of an order: what was kept, and what is wrong with the first
/// file that is not fit.
pub async fn keep_fit(
    app: &App,
    visit: &Visit,
    order_id: &OrderId,
    files: Vec<Attached>,
) -> (Vec<FileId>, Option<Problem>) {
    let shop_id = match visit.shop() {
        Ok(shop_id) => shop_id.clone(),
        Err(problem) => return (Vec::new(), Some(problem)),
    };
    let who = Uploader { shop_id, actor: visit.asked.caller.actor() };
    let too_many = files.len() > FILES_MAX;
    let too_many = too_many.then_some((StatusCode::PAYLOAD_TOO_LARGE, "body_too_large"));
    let mut unfit = too_many.map(|(status, code)| visit.asked.problem(status, code));
    let mut kept = Vec::new();
    for file in files.into_iter().take(FILES_MAX) {
        let name = file.name.clone();
        match keep_one(app, &who, order_id, file).await {
            Ok(file_id) => kept.push(file_id),
            Err(fault) => {
                unfit.get_or_insert_with(|| problem(&fault, &name, visit.language()));
            }
        }
    }
    (kept, unfit)
}

/// What is larger than one call takes goes in parts here as well.
async fn keep_one(
    app: &App,
    who: &Uploader,
    order_id: &OrderId,
    Attached { name, bytes, .. }: Attached,
) -> Result<FileId, Fault> {
    let upload_id = UploadId::new(new_uuid());
    let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    let new = NewUpload {
        upload_id,
        order_id: order_id.clone(),
        name: FileName::tidy(&name),
        size,
        sha256: None,
    };
    if size <= WHOLE_BYTES_MAX {
        return Ok(app.files.put_whole(who, &new, bytes, app.desk.now()).await?.file_id);
    }
    app.files.begin(who, &new, app.desk.now()).await?;
    let part_size = usize::try_from(PART_BYTES).unwrap_or(usize::MAX);
    let mut offset = 0_usize;
    while offset < bytes.len() {
        let end = offset.saturating_add(part_size).min(bytes.len());
        let at = u64::try_from(offset).unwrap_or(u64::MAX);
        let part = Part { offset: at, bytes: bytes.slice(offset..end), sha256: None };
        app.files.put_part(who, upload_id, &part, app.desk.now()).await?;
        offset = end;
    }
    Ok(app.files.finish(who, upload_id, app.desk.now()).await?.file_id)
}

/// What is wrong with a file, with its name.
fn problem(fault: &Fault, name: &str, language: Language) -> Problem {
    let status = http::status_of(fault);
    let mut problem = Problem::new(status, "request_malformed", language);
    let sentence = words::sentence(fault.code(), language).unwrap_or(fault.code());
    let shown = FileName::tidy(name);
    problem.detail = match &shown {
        Some(name) => format!("{} · {sentence}", name.as_str()),
        None => sentence.to_owned(),
    };
    fault.code().clone_into(&mut problem.code);
    problem
}
