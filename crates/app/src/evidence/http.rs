//! Uploads and downloads over HTTP, for whoever mounts them: the caller has been let in already
//! and stands in the request's extensions as an [`Uploader`].
//!
//! A part may carry `Content-Digest: sha-256=:…:` (RFC 9530).

use super::{
    Digest, Fault, FileName, Files, NewUpload, PART_BYTES, Part, StoredFile, UploadId, Uploader,
    WHOLE_BYTES_MAX,
    serve::{Asked, asked, headers},
    words::sentence,
};
use crate::api::strict::Strict;
use axum::{
    Extension, Json, Router,
    body::{Body, to_bytes},
    extract::{Path, Query, State},
    response::{IntoResponse as _, Response},
    routing::{get, post, put},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use domain::{id::OrderId, moment::Moment, policy::Language};
use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{ACCEPT_LANGUAGE, CONTENT_TYPE},
};
use serde::{Deserialize, Deserializer, Serialize};

/// What the handlers need of the program.
pub trait Door: Clone + Send + Sync + 'static {
    /// The files.
    fn files(&self) -> &Files;
    /// Now.
    fn now(&self) -> Moment;
    /// A new id, drawn.
    fn draw_upload_id(&self) -> UploadId;
}

/// The routes of uploads, to be nested under `/api/v1` or a page's own path.
pub fn routes<D: Door>() -> Router<D> {
    Router::new()
        .route("/orders/{order_id}/uploads", post(begin::<D>))
        .route("/orders/{order_id}/files", post(put_whole::<D>))
        .route("/uploads/{upload_id}", get(status::<D>))
        .route("/uploads/{upload_id}/parts/{offset}", put(put_part::<D>))
        .route("/uploads/{upload_id}/finish", post(finish::<D>))
}

/// The body that begins an upload.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Begin {
    /// Drawn by the caller, if it wants to be able to begin again without beginning twice.
    #[serde(default)]
    pub upload_id: Option<UploadId>,
    /// What the file is called on the uploader's device.
    #[serde(default)]
    pub name: Option<String>,
    /// How many bytes it has.
    pub size: u64,
    /// Their SHA-256 sum in hexadecimal digits.
    #[serde(default)]
    pub sha256: Option<Digest>,
}

/// A [`Begin`] out of an object alone: what derives would take a list of its values as well.
pub struct FromObject(Begin);

impl<'de> Deserialize<'de> for FromObject {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        Begin::deserialize(Strict(reader)).map(Self)
    }
}

/// What the query of a whole file may say.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Whole {
    /// As in [`Begin`].
    #[serde(default)]
    pub upload_id: Option<UploadId>,
    /// As in [`Begin`].
    #[serde(default)]
    pub name: Option<String>,
}

/// `POST /orders/{order_id}/uploads`
pub async fn begin<D: Door>(
    State(door): State<D>,
    Extension(who): Extension<Uploader>,
    Path(order_id): Path<String>,
    headers: HeaderMap,
    Json(FromObject(body)): Json<FromObject>,
) -> Response {
    let language = language(&headers);
    let Ok(order_id) = OrderId::parse(&order_id) else { return not_understood(language) };
    let new = NewUpload {
        upload_id: body.upload_id.unwrap_or_else(|| door.draw_upload_id()),
        order_id,
        name: body.name.as_deref().and_then(FileName::tidy),
        size: body.size,
        sha256: body.sha256,
    };
    let begun = door.files().begin(&who, &new, door.now()).await;
    answer(StatusCode::CREATED, begun, language)
}

/// `POST /orders/{order_id}/files`
pub async fn put_whole<D: Door>(
    State(door): State<D>,
    Extension(who): Extension<Uploader>,
    (Path(order_id), Query(query)): (Path<String>, Query<Whole>),
    headers: HeaderMap,
    body: Body,
) -> Response {
    let language = language(&headers);
    let Ok(order_id) = OrderId::parse(&order_id) else { return not_understood(language) };
    let Some(bytes) = read(body, WHOLE_BYTES_MAX).await else {
        return problem(&Fault::TooLargeAtOnce { max: WHOLE_BYTES_MAX }, language);
    };
    let Ok(sha256) = content_digest(&headers) else { return not_understood(language) };
    let new = NewUpload {
        upload_id: query.upload_id.unwrap_or_else(|| door.draw_upload_id()),
        order_id,
        name: query.name.as_deref().and_then(FileName::tidy),
        size: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
        sha256,
    };
    let stored = door.files().put_whole(&who, &new, bytes, door.now()).await;
    answer(StatusCode::CREATED, stored, language)
}

/// `GET /uploads/{upload_id}`
pub async fn status<D: Door>(
    State(door): State<D>,
    Extension(who): Extension<Uploader>,
    Path(upload_id): Path<UploadId>,
    headers: HeaderMap,
) -> Response {
    let progress = door.files().status(&who, upload_id, door.now()).await;
    answer(StatusCode::OK, progress, language(&headers))
}

/// `PUT /uploads/{upload_id}/parts/{offset}`
pub async fn put_part<D: Door>(
    State(door): State<D>,
    Extension(who): Extension<Uploader>,
    Path((upload_id, offset)): Path<(UploadId, u64)>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let language = language(&headers);
    let Ok(sha256) = content_digest(&headers) else { return not_understood(language) };
    let Some(bytes) = read(body, PART_BYTES).await else {
        return problem(&Fault::WrongLength { expected: PART_BYTES }, language);
    };
    let part = Part { offset, bytes, sha256 };
    let progress = door.files().put_part(&who, upload_id, &part, door.now()).await;
    answer(StatusCode::OK, progress, language)
}

/// `POST /uploads/{upload_id}/finish`
pub async fn finish<D: Door>(
    State(door): State<D>,
    Extension(who): Extension<Uploader>,
    Path(upload_id): Path<UploadId>,
    headers: HeaderMap,
) -> Response {
    let stored = door.files().finish(&who, upload_id, door.now()).await;
    answer(StatusCode::OK, stored, language(&headers))
}

/// The bytes of a file, or the part that is asked for, to someone who may see it.
pub async fn content(files: &Files, file: &StoredFile, request: &HeaderMap) -> Response {
    let asked = asked(request, file);
    let language = language(request);
    let range = match &asked {
        Asked::Whole => None,
        Asked::Part(range) => Some(range.clone()),
        Asked::Known => return (asked.status(), headers(file, &asked)).into_response(),
        Asked::OutOfRange => {
            let told = explained("file_range_not_satisfiable", None, language);
            return (asked.status(), headers(file, &asked), told).into_response();
        }
    };
    match files.read(file, range).await {
        Ok(bytes) => {
            (asked.status(), headers(file, &asked), Body::from_stream(bytes)).into_response()
        }
        Err(fault) => problem(&fault, language),
    }
}

/// The bytes of a body of at most `max`; nothing if there are more, or it breaks off.
async fn read(body: Body, max: u64) -> Option<Bytes> {
    to_bytes(body, usize::try_from(max).ok()?).await.ok()
}

/// The sum in `Content-Digest`, if it is there and of a kind we know.
fn content_digest(headers: &HeaderMap) -> Result<Option<Digest>, ()> {
    let Some(value) = headers.get("content-digest") else { return Ok(None) };
    let text = value.to_str().map_err(drop)?;
    let mut sums = text.split(',').map(str::trim);
    let Some(sum) = sums.find_map(|sum| sum.strip_prefix("sha-256=")) else { return Ok(None) };
    let coded = sum.strip_prefix(':').and_then(|sum| sum.strip_suffix(':')).ok_or(())?;
    let bytes = STANDARD.decode(coded).map_err(drop)?;
    bytes.try_into().map(|sum| Some(Digest::new(sum))).map_err(drop)
}

/// Chinese, unless English is asked for first.
fn language(headers: &HeaderMap) -> Language {
    let asked = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let english = asked.is_some_and(|asked| asked.trim().to_ascii_lowercase().starts_with("en"));
    if english { Language::En } else { Language::Zh }
}

fn answer<T: Serialize>(
    status: StatusCode,
    outcome: Result<T, Fault>,
    language: Language,
) -> Response {
    match outcome {
        Ok(value) => (status, Json(value)).into_response(),
        Err(fault) => problem(&fault, language),
    }
}

/// A fault as RFC 9457 has it: the code and its sentence. What the log should see is logged here.
#[must_use]
pub fn problem(fault: &Fault, language: Language) -> Response {
    let status = status_of(fault);
    if status.is_server_error() {
        let cause = std::error::Error::source(fault).map(ToString::to_string);
        tracing::error!(code = fault.code(), %fault, cause, "a call about files failed");
    }
    let body = explained(fault.code(), fault.next_offset(), language);
    (status, body).into_response()
}

/// The status that a fault is answered with.
#[must_use]
pub const fn status_of(fault: &Fault) -> StatusCode {
    match fault {
        Fault::NotFound(_) => StatusCode::NOT_FOUND,
        Fault::Unfit(_) | Fault::Refused { .. } | Fault::DigestDiffers => {
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Fault::WrongLength { .. } => StatusCode::BAD_REQUEST,
        Fault::WrongOffset { .. }
        | Fault::PartDiffers { .. }
        | Fault::Unfinished { .. }
        | Fault::IdTaken => StatusCode::CONFLICT,
        Fault::Expired => StatusCode::GONE,
        Fault::TooLargeAtOnce { .. } => StatusCode::PAYLOAD_TOO_LARGE,
        Fault::TooManyOpen { .. } | Fault::QuotaUsedUp => StatusCode::TOO_MANY_REQUESTS,
        Fault::Busy | Fault::Store(_) | Fault::Storage { .. } => StatusCode::SERVICE_UNAVAILABLE,
        Fault::Damaged | Fault::Unreadable(_) | Fault::Configuration(_) => {
            StatusCode::INTERNAL_SERVER_ERROR
        }
    }
}

fn not_understood(language: Language) -> Response {
    (StatusCode::BAD_REQUEST, explained("upload_not_understood", None, language)).into_response()
}

#[derive(Serialize)]
struct Problem<'a> {
    code: &'a str,
    detail: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_offset: Option<u64>,
}

fn explained(code: &str, next_offset: Option<u64>, language: Language) -> Response {
    let detail = sentence(code, language).unwrap_or(code);
    let mut body = Json(Problem { code, detail, next_offset }).into_response();
    let media = HeaderValue::from_static("application/problem+json");
    body.headers_mut().insert(CONTENT_TYPE, media);
    body
}
