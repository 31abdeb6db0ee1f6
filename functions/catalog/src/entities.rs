//! Entities of the group, with their readers.

use shared::{
    imports::{Import, ImportChunk, ImportResult},
    journal::{SnapshotHead, SnapshotPart},
    table::item::Reader,
};

use crate::{
    category::{Category, CategoryCount},
    imports::ProductImport,
    product::Product,
    rows::ProductRow,
    store::{SellerCount, SkuClaim, SlugClaim},
    tree::{Tree, TreeLogEntry},
};

/// Entities of the group.
pub const ENTITIES: &[Reader] = &[
    Reader::of::<Product>(),
    Reader::of::<ProductRow>(),
    Reader::of::<SkuClaim>(),
    Reader::of::<SlugClaim>(),
    Reader::of::<SellerCount>(),
    Reader::of::<Category>(),
    Reader::of::<CategoryCount>(),
    Reader::of::<TreeLogEntry>(),
    Reader::of::<SnapshotHead<Tree>>(),
    Reader::of::<SnapshotPart<Tree>>(),
    Reader::of::<Import<ProductImport>>(),
    Reader::of::<ImportChunk<ProductImport>>(),
    Reader::of::<ImportResult<ProductImport>>(),
];
