//! Index of documents in memory: words, terms, places, amounts and occurrences in time, in
//! any combination.
//!
//! The index is the state of a [journal](crate::journal): changes come from its log, and its
//! snapshots are [`Index::write`] and [`Index::restore`]. It knows documents and their
//! fields ([`Schema`]), and nothing of what they are.
//!
//! Documents are in segments that do not change. A change makes a segment of one document and
//! marks the earlier version as removed; segments of similar size are merged. A search passes
//! over all segments: terms and words give sets of documents, and places, amounts and times are
//! compared for each document of these sets. Counts come from the same pass.
//!
//! Limits: 30,000 documents of 100 words and 20 occurrences take 19 MB as a snapshot, 50 MB in
//! memory and 100 ms to restore. A search takes time in proportion to the documents that fit its
//! terms and words: a millisecond for all of these, and three with all counts.
//!
//! ```
//! use shared::search::engine::{Document, Index, Query, Schema, TextField};
//!
//! static SCHEMA: Schema = Schema::new(&[TextField { name: "title", weight: 8 }], &["city"]);
//!
//! let mut index = Index::new(&SCHEMA);
//! index.upsert(&Document {
//!     id: "evt_1".to_owned(),
//!     version: 1,
//!     texts: [("title".to_owned(), "Open-air concert".to_owned())].into(),
//!     terms: [("city".to_owned(), vec!["perm".to_owned()])].into(),
//!     ..Document::default()
//! });
//! let query = Query { text: "conc".to_owned(), limit: 20, ..Query::default() };
//! assert_eq!(index.search(&query).total, 1);
//!
//! let restored = Index::restore(&SCHEMA, &index.write())?;
//! assert_eq!(restored.search(&query), index.search(&query));
//! # Ok::<(), shared::search::engine::RestoreError>(())
//! ```
//!
//! | module | contents |
//! |---|---|
//! | `schema`, `document` | fields; documents as changes have them |
//! | `query`, `page` | queries and their results |
//! | `index`, `slot` | segments, and changes to them |
//! | `segment`, `columns`, `times`, `terms`, `texts` | documents of a segment, by kind of value |
//! | `plan` | places of documents in a merged segment |
//! | `scan`, `filters`, `fitting`, `words`, `synonyms`, `top` | the pass over the segments |
//! | `counts`, `rollup` | counts from this pass |
//! | `suggestion` | known words for unknown ones |
//! | `snapshot`, `codec` | bytes of an index |
//! | `strings`, `bits`, `key`, `geo`, `tombstones` | parts of these |

mod bits;
mod codec;
mod columns;
mod counts;
mod document;
mod filters;
mod fitting;
mod geo;
mod index;
mod key;
mod page;
mod plan;
mod query;
mod rollup;
mod scan;
mod schema;
mod segment;
mod slot;
mod snapshot;
mod strings;
mod suggestion;
mod synonyms;
mod terms;
mod texts;
mod times;
mod tombstones;
mod top;
mod words;

pub use self::{
    document::{Amount, Document, Occurrence},
    geo::{Bounds, Point},
    index::Index,
    page::{Counts, Hit, Page},
    query::{
        AmountClasses, AmountFilter, Collapse, Facets, Near, Periods, Position, Query, Ranges, Sort,
        TermFilter,
    },
    schema::{Schema, TextField},
    snapshot::RestoreError,
    synonyms::Synonyms,
};
