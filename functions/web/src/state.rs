//! State that the handlers share: the served document.

use std::{
    io::Write as _,
    sync::{Arc, OnceLock},
};

use axum::body::Bytes;
use flate2::{Compression, write::GzEncoder};
use shared::config::PublicUrl;

/// State that the handlers share.
#[derive(Debug, Clone)]
pub(crate) struct Web {
    public_url: PublicUrl,
    document: Arc<OnceLock<Bytes>>,
    packed: Arc<OnceLock<Bytes>>,
}

impl Web {
    pub(crate) fn new(public_url: PublicUrl) -> Self {
        Self { public_url, document: Arc::default(), packed: Arc::default() }
    }

    /// The document with absolute URLs, made when it is first asked for: most
    /// sandboxes of this function never are.
    pub(crate) fn document(&self) -> Bytes {
        self.document.get_or_init(|| absolute(crate::OPENAPI, &self.public_url).into()).clone()
    }
}

impl Web {
    /// The document packed by gzip: a tenth of its 470 KB, which anybody may fetch at
    /// the owner's cost. Packed when it is first asked for.
    pub(crate) fn packed_document(&self) -> std::io::Result<Bytes> {
        if let Some(packed) = self.packed.get() {
            return Ok(packed.clone());
        }
        let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
        gzip.write_all(&self.document())?;
        let packed = Bytes::from(gzip.finish()?);
        Ok(self.packed.get_or_init(|| packed).clone())
    }
}

/// True if the document has a problem of this type.
pub(crate) fn documents_problem(path: &str) -> bool {
    crate::OPENAPI.contains(&format!("\"type\":\"{path}\""))
}

/// The document with the public URL before the server and the types of problems.
/// As text: half a megabyte of JSON takes longer to read than to search.
fn absolute(document: &str, public_url: &PublicUrl) -> String {
    document
        .replacen("\"url\":\"/\"", &format!("\"url\":\"{public_url}\""), 1)
        .replace("\"type\":\"/problems/", &format!("\"type\":\"{public_url}/problems/"))
}
