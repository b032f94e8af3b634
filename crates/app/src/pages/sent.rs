//! A form that may bring files along (`multipart/form-data`), as a browser without script sends
//! pictures; a form without files is read as well.

use super::{fields::Fields, visit::Visit};
use crate::{
    api::problem::Problem,
    assembly::App,
    evidence::{
        Digest, Fault, FileName, NewUpload, UploadId, Uploader, WHOLE_BYTES_MAX, http, words,
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
pub const SENT_BYTES_MAX: usize = 24 * 1024 * 1024;
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
            let mut fields = Fields::new(pairs);
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
        // A browser sends a nameless empty file where none was chosen.
        if !bytes.is_empty() {
            told.extend_from_slice(format!("{field}:{}\n", Digest::of(&bytes)).as_bytes());
            files.push(Attached { name, bytes });
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
    let who = Uploader { shop_id: visit.shop()?.clone(), actor: visit.asked.caller.actor() };
    if files.len() > FILES_MAX {
        return Err(visit.asked.problem(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large"));
    }
    let mut kept = Vec::new();
    for Attached { name, bytes } in files {
        let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let new = NewUpload {
            upload_id: UploadId::new(new_uuid()),
            order_id: order_id.clone(),
            name: FileName::tidy(&name),
            size,
            sha256: None,
        };
        let stored = if size > WHOLE_BYTES_MAX {
            Err(Fault::TooLargeAtOnce { max: WHOLE_BYTES_MAX })
        } else {
            app.files.put_whole(&who, &new, bytes, app.desk.now()).await
        };
        kept.push(stored.map_err(|fault| problem(&fault, &name, visit.language()))?.file_id);
    }
    Ok(kept)
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
