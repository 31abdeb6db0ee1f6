//! Product imports ([`shared::imports`]): the form of a row, and its processing.

mod chunk;
mod upload;

use shared::{
    bus::{DomainEvent, events::ImportChunkAdded},
    imports::{ImportKind, Layout},
    table::schema,
};

pub use self::{
    chunk::run,
    upload::{Row, rows},
};
use crate::operations;

/// Kind of the product imports.
#[derive(Debug, Clone)]
pub enum ProductImport {}

impl ImportKind for ProductImport {
    const LAYOUT: Layout = Layout {
        import: ("import", schema::import),
        chunk: ("import_chunk", schema::import_chunk),
        result: ("import_result", schema::import_result),
        // Rows are written one after the other, as they often count in the same
        // category. A chunk must end within one invocation, also with ten chunks at
        // once.
        chunk_rows: 25,
        chunk_added: |chunk_id, import_id| {
            DomainEvent::ImportChunkAdded(ImportChunkAdded { chunk_id, import_id })
        },
        put_import: &operations::PUT_IMPORT,
        put_chunk: &operations::PUT_IMPORT_CHUNK,
        get_chunk: &operations::GET_IMPORT_CHUNK,
        get_result: &operations::GET_IMPORT_RESULT,
        put_result: &operations::PUT_IMPORT_RESULT,
        list_import: &operations::LIST_IMPORT,
    };
}
