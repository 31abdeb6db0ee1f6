//! What the handlers share: the document as it is served.

use std::sync::{Arc, OnceLock};

use axum::body::Bytes;
use shared::config::PublicUrl;

/// What the handlers share.
#[derive(Debug, Clone)]
pub(crate) struct Web {
    public_url: PublicUrl,
    document: Arc<OnceLock<Bytes>>,
}

impl Web {
    pub(crate) fn new(public_url: PublicUrl) -> Self {
        Self { public_url, document: Arc::default() }
    }

    /// The document with absolute URLs, made when it is first asked for: most
    /// sandboxes of this function never are.
    pub(crate) fn document(&self) -> Bytes {
        self.document.get_or_init(|| absolute(crate::OPENAPI, &self.public_url).into()).clone()
    }

    /// Whether the document has a problem with this type.
    pub(crate) fn documents_problem(&self, path: &str) -> bool {
        crate::OPENAPI.contains(&format!("\"type\": \"{path}\""))
    }
}

/// The document with the public URL before the server and the types of problems.
/// As text: half a megabyte of JSON takes longer to read than to search.
fn absolute(document: &str, public_url: &PublicUrl) -> String {
    document
        .replacen("\"url\": \"/\"", &format!("\"url\": \"{public_url}\""), 1)
        .replace("\"type\": \"/problems/", &format!("\"type\": \"{public_url}/problems/"))
}
