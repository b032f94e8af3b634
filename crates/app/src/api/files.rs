//! Evidence files over HTTP: the uploads of `evidence`, for callers of the interface.

use super::{problem::Problem, request::Asked};
use crate::{
    access::caller::Holder,
    assembly::App,
    evidence::{Fault, UploadId, Uploader, http},
};
use axum::{
    extract::{FromRequestParts, Path, Request, State},
    http::{HeaderMap, StatusCode},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::{
    id::{FileId, OrderId},
    moment::Moment,
    policy::EvidenceKind,
};
use engine::rows::StreamKey;
use std::sync::Arc;

/// The files of an order, to check those that a body names.
pub struct Files<'a> {
    /// The application.
    pub app: &'a App,
    /// The request.
    pub asked: &'a Asked,
    /// The order.
    pub key: &'a StreamKey,
}

impl Files<'_> {
    /// What is in the files named; all must be there and belong to the order.
    ///
    /// # Errors
    /// A [`Problem`] naming the first file that is not.
    pub async fn check(&self, files: &[FileId]) -> Result<Vec<EvidenceKind>, Problem> {
        let language = self.asked.language;
        let mut kinds = Vec::new();
        for file_id in files.iter().take(domain::application::FILES_MAX + 1) {
            let missing = || {
                Problem::about(
                    StatusCode::UNPROCESSABLE_ENTITY,
                    "file_not_found",
                    ("file", file_id.as_str()),
                    language,
                )
            };
            let file = self.app.files.file(&self.key.shop_id, file_id).await;
            let file = file.map_err(|_| missing())?;
            if file.order_id != self.key.order_id {
                return Err(missing());
            }
            kinds.push(file.kind);
        }
        Ok(kinds)
    }
}

impl http::Door for Arc<App> {
    fn files(&self) -> &crate::evidence::Files {
        &self.files
    }

    fn now(&self) -> Moment {
        self.desk.now()
    }

    fn draw_upload_id(&self) -> UploadId {
        UploadId::new(crate::world::new_uuid())
    }
}

/// Lets the caller of an upload in: who may take the route, and for a new upload whose order it
/// is. What another buyer ordered is not there.
///
/// # Errors
/// A [`Problem`] for everybody else.
pub async fn let_in(
    State(app): State<Arc<App>>,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let (mut parts, body) = request.into_parts();
    let asked = Asked::from_request_parts(&mut parts, &app).await?;
    let names = Path::<Vec<(String, String)>>::from_request_parts(&mut parts, &app).await;
    let names = names.map(|Path(names)| names).unwrap_or_default();
    if let Some((_, order_id)) = names.iter().find(|(name, _)| name == "order_id") {
        owns(&app, &asked, order_id).await?;
    }
    parts.extensions.insert(uploader(&asked)?);
    Ok(next.run(Request::from_parts(parts, body)).await)
}

/// Whether the order is there and the caller's.
async fn owns(app: &App, asked: &Asked, order_id: &str) -> Result<(), Problem> {
    let order_id = OrderId::parse(order_id).map_err(|_| asked.not_found())?;
    let key = StreamKey { shop_id: asked.shop()?.clone(), order_id };
    let order = app.desk.order(&key).await;
    let order = order.map_err(|trouble| Problem::trouble(trouble, asked.language))?;
    let facts = order.facts.as_ref().ok_or_else(|| asked.not_found())?;
    let theirs = asked.caller.buyer().is_none_or(|buyer| *buyer == facts.buyer_id);
    if theirs { Ok(()) } else { Err(asked.not_found()) }
}

fn uploader(asked: &Asked) -> Result<Uploader, Problem> {
    Ok(Uploader { shop_id: asked.shop()?.clone(), actor: asked.caller.actor() })
}

/// `GET /api/v1/files/{file_id}`: to both sides of the order and the platform.
///
/// # Errors
/// A [`Problem`] if there is no such file for this caller.
pub async fn serve(
    State(app): State<Arc<App>>,
    Path(file_id): Path<String>,
    asked: Asked,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let file_id = FileId::parse(&file_id).map_err(|_| asked.not_found())?;
    let shop_id = asked.shop()?;
    let file = match app.files.file(shop_id, &file_id).await {
        Ok(file) => file,
        Err(Fault::Store(fault)) => return Err(Problem::fault(&fault, asked.language)),
        Err(_) => return Err(asked.not_found()),
    };
    if let Holder::Buyer(_) = asked.caller.holder {
        owns(&app, &asked, file.order_id.as_str()).await?;
    }
    Ok(http::content(&app.files, &file, &headers).await.into_response())
}
