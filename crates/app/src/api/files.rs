//! Evidence files over HTTP.

use super::{problem::Problem, request::Asked};
use crate::assembly::App;
use axum::http::StatusCode;
use domain::{id::FileId, policy::EvidenceKind};
use engine::rows::StreamKey;

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
    pub async fn check(
        &self,
        files: impl IntoIterator<Item = &FileId>,
    ) -> Result<Vec<EvidenceKind>, Problem> {
        let language = self.asked.language;
        for file_id in files {
            return Err(Problem::about(
                StatusCode::UNPROCESSABLE_ENTITY,
                "file_not_found",
                ("file", file_id.as_str()),
                language,
            ));
        }
        Ok(Vec::new())
    }
}
