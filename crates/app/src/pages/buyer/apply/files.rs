//! Files of a buyer's orders: uploads by parts for pages with script, and the files themselves.

use super::theirs;
use crate::{
    api::{files, problem::Problem},
    assembly::App,
    evidence::{Fault, Uploader, http},
    pages::{Routes, page::name_of, parts::exhibits, text::Texts, visit::Visit},
};
use axum::{
    extract::{FromRequestParts, Path, Request, State},
    http::{HeaderMap, HeaderValue, header},
    middleware::{self, Next},
    response::Response,
    routing::{get, post, put},
};
use domain::{
    id::{FileId, ShopId},
    moment::Moment,
    policy::EvidenceKind,
};
use std::sync::Arc;

/// A file of a draft.
pub struct Shown {
    /// Which.
    pub file_id: FileId,
    /// How it is shown: `picture`, `video`, `paper`.
    pub look: &'static str,
    /// As what it counts.
    pub kind: EvidenceKind,
    /// The same in a word.
    pub kind_word: String,
    /// What it was called on the device.
    pub name: String,
    /// `1.2 MB`.
    pub size: String,
    /// When it was put on record.
    pub at: Moment,
    /// The first digits of its SHA-256 sum.
    pub sum: String,
}

/// Files by their ids; what is not there is left out.
///
/// # Errors
/// A [`Problem`] if the database cannot say.
pub async fn attached(
    app: &App,
    shop_id: &ShopId,
    ids: &[FileId],
    texts: Texts,
) -> Result<Vec<Shown>, Problem> {
    let mut shown = Vec::new();
    for file_id in ids {
        let file = match app.files.file(shop_id, file_id).await {
            Ok(file) => file,
            Err(Fault::Store(fault)) => return Err(Problem::fault(&fault, texts.0)),
            Err(_) => continue,
        };
        let kind_word = texts.word_of("kind", &name_of(&file.kind));
        shown.push(Shown {
            file_id: file_id.clone(),
            look: exhibits::look(&file),
            kind: file.kind,
            name: file.name.as_ref().map_or_else(|| kind_word.clone(), |it| it.as_str().to_owned()),
            kind_word,
            size: exhibits::size(file.size),
            at: file.stored_at,
            sum: file.sha256.to_string().chars().take(12).collect(),
        });
    }
    Ok(shown)
}

/// The routes of uploads and files.
pub fn routes(app: &Arc<App>) -> Routes {
    let uploads = Routes::new()
        .route("/b/orders/{order_id}/uploads", post(http::begin::<Arc<App>>))
        .route("/b/uploads/{upload_id}", get(http::status::<Arc<App>>))
        .route("/b/uploads/{upload_id}/parts/{offset}", put(http::put_part::<Arc<App>>))
        .route("/b/uploads/{upload_id}/finish", post(http::finish::<Arc<App>>))
        .layer(middleware::from_fn_with_state(Arc::clone(app), let_in));
    uploads.route("/b/files/{file_id}", get(serve))
}

/// Lets a buyer's browser upload to the buyer's own orders.
async fn let_in(
    State(app): State<Arc<App>>,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let (mut parts, body) = request.into_parts();
    let visit = Visit::from_request_parts(&mut parts, &app).await?;
    let names = Path::<Vec<(String, String)>>::from_request_parts(&mut parts, &app).await;
    let names = names.map(|Path(names)| names).unwrap_or_default();
    if let Some((_, order_id)) = names.iter().find(|(name, _)| name == "order_id") {
        theirs(&app, &visit, order_id).await?;
    }
    let uploader = Uploader { shop_id: visit.shop()?.clone(), actor: visit.asked.caller.actor() };
    parts.extensions.insert(uploader);
    // What is wrong with a file is said in the language of the page, not of the browser.
    let language = HeaderValue::from_static(visit.page.lang());
    parts.headers.insert(header::ACCEPT_LANGUAGE, language);
    Ok(next.run(Request::from_parts(parts, body)).await)
}

/// `GET /b/files/{file_id}`
async fn serve(
    State(app): State<Arc<App>>,
    Path(file_id): Path<String>,
    visit: Visit,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    files::serve(State(app), Path(file_id), visit.asked, headers).await
}
