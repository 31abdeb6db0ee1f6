//! Imports of products: an upload is parted into chunks, each of which an event
//! brings to the listener; what came of each stands beside the job. All of it is
//! kept for a week.

mod chunk;
mod upload;

use std::time::Duration;

use serde::{Deserialize, Serialize};
use shared::{
    Failure,
    bus::{DomainEvent, events::ImportChunkAdded},
    clock::Timestamp,
    id::{ImportChunkId, ImportId, UserId},
    table::{
        Query,
        item::Entity,
        schema::{self, Key},
    },
};
use utoipa::ToSchema;

pub use self::{
    chunk::run,
    upload::{Format, Row, rows},
};
use crate::{operations, store::Store};

const LIFETIME: Duration = Duration::from_hours(7 * 24);

/// A chunk's rows are written one after the other, as they often count in the same
/// category, and must be done within an invocation also where ten are under way at
/// once.
const CHUNK_ROWS: usize = 25;

/// A chunk is an item.
const CHUNK_BYTES: usize = 200 * 1024;

/// So many rows of a chunk that failed are shown.
const SHOWN_FAILURES: usize = 100;

/// An import.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Import {
    /// Its id, which says when it began.
    pub id: ImportId,
    /// How many rows it has.
    pub rows: usize,
    /// In how many chunks.
    pub chunks: usize,
}

impl Entity for Import {
    const TYPE: &'static str = "import";

    fn key(&self) -> Key {
        schema::import(self.id)
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.id.created_at() + LIFETIME)
    }
}

/// A part of an import.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ImportChunk {
    /// Its id.
    pub id: ImportChunkId,
    /// Of which import.
    pub import_id: ImportId,
    /// Who imports.
    pub user_id: UserId,
    /// JSON: its rows.
    rows: String,
}

impl Entity for ImportChunk {
    const TYPE: &'static str = "import_chunk";

    fn key(&self) -> Key {
        schema::import_chunk(self.id)
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.import_id.created_at() + LIFETIME)
    }
}

/// What came of a chunk.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ImportResult {
    /// Of which import.
    pub import_id: ImportId,
    /// Of which of its chunks.
    pub chunk_id: ImportChunkId,
    /// How many products are new.
    pub created: usize,
    /// How many are others than before.
    pub updated: usize,
    /// How many were as the rows say.
    pub unchanged: usize,
    /// How many rows failed.
    pub failed: usize,
    /// The first of them.
    pub failures: Vec<RowFailure>,
}

impl Entity for ImportResult {
    const TYPE: &'static str = "import_result";

    fn key(&self) -> Key {
        schema::import_result(self.import_id, self.chunk_id)
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.import_id.created_at() + LIFETIME)
    }
}

/// Why a row was not imported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RowFailure {
    /// The row, the first of which is 1; a heading is none.
    #[schema(examples(7))]
    pub row: usize,
    /// Where: a JSON pointer.
    #[schema(examples("/price/amount"))]
    pub pointer: String,
    /// Stable and in `snake_case`, for programs.
    #[schema(examples("wrong_type"))]
    pub code: String,
    /// For people.
    #[schema(examples("This is not a whole number."))]
    pub detail: String,
}

impl Store {
    /// Begins an import: the job, then its chunks, each with the event that
    /// brings it to the listener.
    pub async fn begin_import(&self, import: &Import, chunks: Vec<ImportChunk>) -> Result<(), Failure> {
        use futures::{StreamExt as _, TryStreamExt as _};
        self.table().operation(&operations::PUT_IMPORT).put_new(import, Vec::new()).await?;
        let puts = chunks.into_iter().map(|chunk| async move {
            let added = ImportChunkAdded { chunk_id: chunk.id, import_id: chunk.import_id };
            let events = vec![DomainEvent::ImportChunkAdded(added)];
            self.table().operation(&operations::PUT_IMPORT_CHUNK).put_new(&chunk, events).await
        });
        futures::stream::iter(puts).buffer_unordered(16).try_collect().await
    }

    /// An import, and what came of its chunks so far.
    pub async fn get_import(&self, id: ImportId) -> Result<Option<(Import, Vec<ImportResult>)>, Failure> {
        let operation = self.table().operation(&operations::LIST_IMPORT);
        let key = schema::import(id);
        let Some(import) = operation.get::<Import>(key.clone()).await? else { return Ok(None) };
        let result = |byte| schema::import_result(id, ImportChunkId::from_bytes([byte; 16])).sk;
        let query = Query::table(key).from(result(0)).to(result(u8::MAX));
        let results = operation.list::<ImportResult>(query).await?;
        Ok(Some((import.entity, results.into_iter().map(|stored| stored.entity).collect())))
    }
}

/// The rows of an import in chunks.
pub fn chunks(
    import_id: ImportId,
    user_id: UserId,
    rows: &[Row],
    next_id: impl Fn() -> ImportChunkId,
) -> Result<Vec<ImportChunk>, Failure> {
    let mut chunks = Vec::new();
    let mut texts: Vec<String> = Vec::new();
    let mut close = |texts: &mut Vec<String>| {
        let rows = format!("[{}]", std::mem::take(texts).join(","));
        chunks.push(ImportChunk { id: next_id(), import_id, user_id, rows });
    };
    let mut bytes = 0;
    for row in rows {
        let text = serde_json::to_string(row).map_err(Failure::internal)?;
        if !texts.is_empty() && (texts.len() >= CHUNK_ROWS || bytes + text.len() > CHUNK_BYTES) {
            close(&mut texts);
            bytes = 0;
        }
        bytes += text.len();
        texts.push(text);
    }
    if !texts.is_empty() {
        close(&mut texts);
    }
    Ok(chunks)
}
