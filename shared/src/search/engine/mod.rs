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
//! Limits: 30,000 documents of 100 words and 20 occurrences take 15 MB as a snapshot. A search takes
//! time in proportion to the documents that fit its terms and words.
//!
//! | module | contents |
//! |---|---|
//! | `schema`, `document` | fields; documents as changes have them |
//! | `query`, `page` | queries and their results |
//! | `index` | segments, and changes to them |
//! | `segment`, `columns`, `times`, `terms`, `texts` | documents of a segment, by kind of value |
//! | `plan` | places of documents in a merged segment |
//! | `scan`, `filters`, `fitting`, `words`, `counts`, `top` | the pass over the segments |
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
mod scan;
mod schema;
mod segment;
mod snapshot;
mod strings;
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
    query::{AmountClasses, AmountFilter, Collapse, Facets, Near, Position, Query, Ranges, Sort},
    schema::{Schema, TextField},
    snapshot::RestoreError,
};
