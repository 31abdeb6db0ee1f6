//! The group's endpoints and pages, one a file.

mod get_account;
mod get_docs;

use std::sync::Arc;

use get_account::get_account;
use get_docs::{get_docs, get_docs_asset, get_root};

/// What the pages share: how Swagger UI is set up.
#[derive(Clone)]
pub(crate) struct Web {
    swagger_ui: Arc<utoipa_swagger_ui::Config<'static>>,
}

impl Default for Web {
    fn default() -> Self {
        Self { swagger_ui: Arc::new(utoipa_swagger_ui::Config::from("/openapi.json")) }
    }
}

shared::endpoints! {
    /// The platform itself: its health and its documents.
    group web with state Web;
    get_health, get_openapi;
    page "/" => get_root;
    page "/docs" => get_docs;
    page "/docs/{*asset}" => get_docs_asset;
    page "/account/{*file}" => get_account;
}
