//! Index of documents: rules by topic, a model that filters and sorts, and snapshots.

mod changes;
mod facets;
mod filters;
mod helpers;
mod model;
mod orders;
mod paging;
mod random;
mod snapshots;
mod suggestions;
mod synonyms;
mod words;
