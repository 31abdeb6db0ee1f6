//! What the handlers share: where the platform is reached.

use shared::config::PublicUrl;

/// What the handlers share.
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
