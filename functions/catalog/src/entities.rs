//! Entities of the group, with their readers.

use shared::{
    journal::{SnapshotHead, SnapshotPart},
    table::item::Reader,
};

use crate::{
    category::{Category, CategoryCount},
    imports::{Import, ImportChunk, ImportResult},
    product::Product,
    rows::ProductRow,
    store::{SkuClaim, SlugClaim},
    tree::{Tree, TreeLogEntry},
};

/// The entities that the group keeps.
pub const ENTITIES: &[Reader] = &[
    Reader::of::<Product>(),
    Reader::of::<ProductRow>(),
    Reader::of::<SkuClaim>(),
    Reader::of::<SlugClaim>(),
    Reader::of::<Category>(),
    Reader::of::<CategoryCount>(),
    Reader::of::<TreeLogEntry>(),
    Reader::of::<SnapshotHead<Tree>>(),
    Reader::of::<SnapshotPart<Tree>>(),
    Reader::of::<Import>(),
    Reader::of::<ImportChunk>(),
    Reader::of::<ImportResult>(),
];
