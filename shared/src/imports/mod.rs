//! Imports: an upload becomes rows, the rows become chunks, and a domain event brings
//! each chunk to the group's consumer. The result of each chunk is an item of its
//! own, and the report sums them up. Everything is kept for a week.
//!
//! A group implements [`ImportKind`], parses rows and processes them:
//!
//! - its route parses the upload ([`upload::objects`]) and calls [`begin`];
//! - its consumer gets the [`chunk`], processes the [rows](ImportChunk::rows) one by
//!   one, counts each in an [`ImportResult`] and calls [`finish`];
//! - another route shows the [`report`].
//!
//! Rows of one key are processed in their order. If they need several chunks, the
//! result of one chunk brings the next.
//!
//! Delivery is at least once: processing a row again must have no further effect. The
//! first result of a chunk stays, and a chunk that has one is not processed again: an
//! earlier row would undo a later one.

mod chains;
pub mod upload;

use std::{fmt::Debug, marker::PhantomData, time::Duration};

use futures::{StreamExt as _, TryStreamExt as _};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use utoipa::ToSchema;

use self::chains::chains;
use crate::{
    Failure, UnlessRefused as _,
    bus::DomainEvent,
    clock::Timestamp,
    http::Problem,
    id::{Ids, ImportChunkId, ImportId, UserId},
    seller::Seller,
    table::{
        Condition, Query, Table,
        item::{Entity, Stored},
        schema::Key,
        units::Operation,
    },
};

const LIFETIME: Duration = Duration::from_hours(7 * 24);

/// Maximum bytes of a row, which may be a chunk of its own: an item has 400 KB, with
/// its event.
const ROW_BYTES: usize = 350 * 1024;

/// Number of failures of a chunk that are kept: one a row, in most imports.
const SHOWN_FAILURES: usize = 25;

/// Failures of an import that its report shows: some hundreds of bytes each, and a reply
/// has 6 MB at most.
const REPORTED_FAILURES: usize = 5_000;

/// Number of chunks that are written concurrently.
const WRITE_CONCURRENCY: usize = 16;

/// A kind of import, named by an empty enum of its group.
pub trait ImportKind: Clone + Debug + Send + Sync + 'static {
    /// The items of the kind and the operations on them.
    const LAYOUT: Layout;
}

/// Items of a kind of import, the `type` and key of each, and the operations on them.
#[derive(Debug)]
pub struct Layout {
    /// The import.
    pub import: (&'static str, fn(ImportId) -> Key),
    /// A chunk of it.
    pub chunk: (&'static str, fn(ImportChunkId) -> Key),
    /// The result of a chunk, in the partition of the import.
    pub result: (&'static str, fn(ImportId, ImportChunkId) -> Key),
    /// Maximum rows of a chunk: as many as an invocation of the consumer can process.
    pub chunk_rows: usize,
    /// The event that brings a chunk to the consumer.
    pub chunk_added: fn(ImportChunkId, ImportId) -> DomainEvent,
    /// Writes an import.
    pub put_import: &'static Operation,
    /// Writes a chunk.
    pub put_chunk: &'static Operation,
    /// Reads a chunk.
    pub get_chunk: &'static Operation,
    /// Reads the result of a chunk.
    pub get_result: &'static Operation,
    /// Writes the result of a chunk.
    pub put_result: &'static Operation,
    /// Reads an import and the results of its chunks.
    pub list_import: &'static Operation,
}

/// An import.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(bound = "")]
pub struct Import<K> {
    /// Import id, with the time of the start.
    id: ImportId,
    /// Number of its rows.
    rows: usize,
    /// Number of its chunks.
    chunks: usize,
    /// Seller for whom it runs.
    #[serde(default, skip_serializing_if = "Seller::is_platform")]
    seller: Seller,
    #[serde(skip)]
    kind: PhantomData<fn() -> K>,
}

impl<K: ImportKind> Entity for Import<K> {
    const TYPE: &'static str = K::LAYOUT.import.0;

    fn key(&self) -> Key {
        (K::LAYOUT.import.1)(self.id)
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.id.created_at() + LIFETIME)
    }
}

/// Account that imports, and the seller for whom.
#[derive(Debug, Clone)]
pub struct Importer {
    /// Account.
    pub user_id: UserId,
    /// Seller.
    pub seller: Seller,
    /// True if the account imports as a member of the selling organisation, whose role each
    /// write checks.
    pub is_member: bool,
}

/// A part of an import that is processed in one delivery.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(bound = "")]
pub struct ImportChunk<K> {
    id: ImportChunkId,
    import_id: ImportId,
    /// See [`Importer::user_id`].
    pub user_id: UserId,
    /// See [`Importer::seller`].
    #[serde(default, skip_serializing_if = "Seller::is_platform")]
    pub seller: Seller,
    /// See [`Importer::is_member`].
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_member: bool,
    /// The rows as JSON.
    rows: String,
    /// The next chunk with rows of the same key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    next: Option<ImportChunkId>,
    #[serde(skip)]
    kind: PhantomData<fn() -> K>,
}

impl<K: ImportKind> ImportChunk<K> {
    /// The rows, as passed to [`begin`].
    pub fn rows<R: DeserializeOwned>(&self) -> Result<Vec<R>, Failure> {
        serde_json::from_str(&self.rows)
            .map_err(|_| Failure::internal("the rows of an import do not fit their schema"))
    }
}

impl<K: ImportKind> Entity for ImportChunk<K> {
    const TYPE: &'static str = K::LAYOUT.chunk.0;

    fn key(&self) -> Key {
        (K::LAYOUT.chunk.1)(self.id)
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.import_id.created_at() + LIFETIME)
    }
}

/// Outcome of a row that was imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The resource was created.
    Created,
    /// The resource was changed.
    Updated,
    /// The resource already was as the row describes it.
    Unchanged,
}

/// The result of a chunk.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(bound = "")]
pub struct ImportResult<K> {
    import_id: ImportId,
    chunk_id: ImportChunkId,
    created: usize,
    updated: usize,
    unchanged: usize,
    failed: usize,
    /// The first failures.
    failures: Vec<RowFailure>,
    /// Next chunk, see [`ImportChunk`].
    #[serde(skip)]
    next: Option<ImportChunkId>,
    #[serde(skip)]
    kind: PhantomData<fn() -> K>,
}

impl<K: ImportKind> ImportResult<K> {
    /// Makes the result of a chunk before its first row.
    pub fn new(chunk: &ImportChunk<K>) -> Self {
        Self {
            import_id: chunk.import_id,
            chunk_id: chunk.id,
            created: 0,
            updated: 0,
            unchanged: 0,
            failed: 0,
            failures: Vec::new(),
            next: chunk.next,
            kind: PhantomData,
        }
    }

    /// Counts a row that was imported.
    pub fn count(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Created => self.created += 1,
            Outcome::Updated => self.updated += 1,
            Outcome::Unchanged => self.unchanged += 1,
        }
    }

    /// Counts a row that was refused, and keeps the reasons of the first ones. Not
    /// for infrastructure errors: these fail the chunk, which is then delivered
    /// again.
    pub fn refuse(&mut self, row: usize, problem: Problem) {
        self.failed += 1;
        if problem.errors.is_empty() {
            let (code, detail) = (problem.named.code.to_owned(), problem.named.title.to_owned());
            self.failures.push(RowFailure { row, pointer: String::new(), code, detail });
        }
        self.failures.extend(problem.errors.into_iter().map(|fault| RowFailure {
            row,
            pointer: fault.pointer,
            code: fault.code.to_owned(),
            detail: fault.detail,
        }));
        self.failures.truncate(SHOWN_FAILURES);
    }
}

impl<K: ImportKind> Entity for ImportResult<K> {
    const TYPE: &'static str = K::LAYOUT.result.0;

    fn key(&self) -> Key {
        (K::LAYOUT.result.1)(self.import_id, self.chunk_id)
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.import_id.created_at() + LIFETIME)
    }
}

/// Failure of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ImportFailure)]
pub struct RowFailure {
    /// Row number, from 1, without the header.
    #[schema(examples(7))]
    pub row: usize,
    /// JSON pointer (RFC 6901) to the field.
    #[schema(examples("/price/amount"))]
    pub pointer: String,
    /// Stable code in `snake_case`, for programs.
    #[schema(examples("wrong_type"))]
    pub code: String,
    /// Explanation for people.
    #[schema(examples("This is not a whole number."))]
    pub detail: String,
}

/// The state of an import: the sums of the chunks that have a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Seller for whom the import runs.
    pub seller: Seller,
    /// Number of rows.
    pub rows: usize,
    /// True once every chunk has a result.
    pub is_done: bool,
    /// Rows that created a resource.
    pub created: usize,
    /// Rows that changed a resource.
    pub updated: usize,
    /// Rows that described a resource as it was.
    pub unchanged: usize,
    /// Rows that were not imported.
    pub failed: usize,
    /// The first failures of each chunk, by row.
    pub failures: Vec<RowFailure>,
}

/// Starts an import of at least one row: writes the import, then its chunks, each
/// with its event. Rows of the same `key` are processed in their order; a row without
/// a key is independent. The chunks of an organisation are one chain: the writes of all
/// rows check the same items, and would conflict with each other.
pub async fn begin<K: ImportKind, R: Serialize>(
    table: &Table,
    ids: &Ids,
    importer: &Importer,
    rows: &[R],
    key: impl Fn(&R) -> Option<String>,
) -> Result<ImportId, Failure> {
    let id: ImportId = ids.next();
    let mut chains = chains(rows, key, K::LAYOUT.chunk_rows)?;
    if !importer.seller.is_platform() {
        chains = vec![chains.concat()];
    }
    let count = chains.iter().map(Vec::len).sum();
    let seller = importer.seller.clone();
    let import = Import::<K> { id, rows: rows.len(), chunks: count, seller, kind: PhantomData };
    table.operation(K::LAYOUT.put_import).put_new(&import, Vec::new()).await?;
    let (mut first, mut later) = (Vec::new(), Vec::new());
    for chain in chains {
        let mut next = None;
        let mut chunks: Vec<ImportChunk<K>> = Vec::new();
        for rows in chain.into_iter().rev() {
            let Importer { user_id, seller, is_member } = importer.clone();
            let chunk = ImportChunk {
                id: ids.next(),
                import_id: id,
                user_id,
                seller,
                is_member,
                rows,
                next,
                kind: PhantomData,
            };
            next = Some(chunk.id);
            chunks.push(chunk);
        }
        first.extend(chunks.pop());
        later.extend(chunks);
    }
    // A chunk must exist before the chunk whose result brings it.
    put(table, later, false).await?;
    put(table, first, true).await?;
    Ok(id)
}

async fn put<K: ImportKind>(
    table: &Table,
    chunks: Vec<ImportChunk<K>>,
    announced: bool,
) -> Result<(), Failure> {
    let puts = chunks.into_iter().map(|chunk| async move {
        let added = announced.then(|| (K::LAYOUT.chunk_added)(chunk.id, chunk.import_id));
        table.operation(K::LAYOUT.put_chunk).put_new(&chunk, added.into_iter().collect()).await
    });
    futures::stream::iter(puts).buffer_unordered(WRITE_CONCURRENCY).try_collect::<()>().await
}

/// Reads a chunk to process; `None` if it has expired or already has a result.
pub async fn chunk<K: ImportKind>(
    table: &Table,
    id: ImportChunkId,
) -> Result<Option<ImportChunk<K>>, Failure> {
    let stored = table.operation(K::LAYOUT.get_chunk).get((K::LAYOUT.chunk.1)(id)).await?;
    let Some(chunk) = stored.map(|stored: Stored<ImportChunk<K>>| stored.entity) else { return Ok(None) };
    let key = (K::LAYOUT.result.1)(chunk.import_id, id);
    let result = table.operation(K::LAYOUT.get_result).get::<ImportResult<K>>(key).await?;
    Ok(result.is_none().then_some(chunk))
}

/// Writes the result of a chunk, unless an earlier delivery has, with the event of
/// the next chunk.
pub async fn finish<K: ImportKind>(table: &Table, result: &ImportResult<K>) -> Result<(), Failure> {
    let next = result.next.map(|next| (K::LAYOUT.chunk_added)(next, result.import_id));
    table
        .operation(K::LAYOUT.put_result)
        .put(result, Condition::New, next.into_iter().collect())
        .await
        .unless_refused()
        .map(drop)
}

/// Reads the report of an import; `None` if there is no such import.
pub async fn report<K: ImportKind>(table: &Table, id: ImportId) -> Result<Option<Report>, Failure> {
    let operation = table.operation(K::LAYOUT.list_import);
    let key = (K::LAYOUT.import.1)(id);
    let Some(import) = operation.get::<Import<K>>(key.clone()).await? else { return Ok(None) };
    let result = |byte| (K::LAYOUT.result.1)(id, ImportChunkId::from_bytes([byte; 16])).sk;
    let query = Query::table(key).from(result(0)).to(result(u8::MAX));
    let results = operation.list::<ImportResult<K>>(query).await?;
    Ok(Some(sum(&import.entity, results.into_iter().map(|stored| stored.entity))))
}

fn sum<K>(import: &Import<K>, results: impl IntoIterator<Item = ImportResult<K>>) -> Report {
    let (rows, mut chunks) = (import.rows, 0);
    let mut report = Report {
        seller: import.seller.clone(),
        rows,
        is_done: false,
        created: 0,
        updated: 0,
        unchanged: 0,
        failed: 0,
        failures: Vec::new(),
    };
    for result in results {
        chunks += 1;
        report.created += result.created;
        report.updated += result.updated;
        report.unchanged += result.unchanged;
        report.failed += result.failed;
        report.failures.extend(result.failures);
    }
    report.is_done = chunks >= import.chunks;
    report.failures.sort_by_key(|failure| failure.row);
    report.failures.truncate(REPORTED_FAILURES);
    report
}
