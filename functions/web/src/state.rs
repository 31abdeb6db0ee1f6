//! State of the handlers: the address of the platform.

use shared::config::PublicUrl;

/// State of the handlers.
#[derive(Debug, Clone)]
pub(crate) struct Web {
    /// Beginning of the served OpenAPI documents: the kept one is of no installation.
    pub(crate) head: String,
}

impl Web {
    pub(crate) fn new(public_url: &PublicUrl) -> Self {
        Self { head: format!("{{\"servers\":[{{\"url\":\"{public_url}\"}}],") }
    }
}
