//! Parallel scan of the table, page by page, at a limited pace.

use aws_sdk_dynamodb::{Client, types::ReturnConsumedCapacity};
use futures::{StreamExt as _, stream};
use shared::{
    Failure,
    table::{
        item::{Attributes, key_attributes},
        schema::Key,
    },
};

use super::pace::{Pace, patiently};

/// Number of segments, which are scanned at the same time.
pub(super) const SEGMENTS: u32 = 4;

/// Items of a page: at most about as many units as a small write.
const PAGE: i32 = 100;

/// A scan of the table.
pub(super) struct Scan {
    pub(super) client: Client,
    pub(super) table: String,
    pub(super) pace: Pace,
    consistent: bool,
}

/// Items of a page, in the order of the segment.
pub(super) struct Page {
    pub(super) items: Vec<Attributes>,
    /// Position after the page; none at the end of the segment.
    pub(super) next: Option<Key>,
    pub(super) units: f64,
}

impl Scan {
    pub(super) fn new(client: Client, table: String, pace: Pace) -> Self {
        Self { client, table, pace, consistent: false }
    }

    /// The scan with strongly consistent reads, at twice the cost.
    pub(super) fn consistent(mut self) -> Self {
        self.consistent = true;
        self
    }

    /// The page of a segment after a position.
    pub(super) async fn page(&self, segment: u32, after: Option<Key>) -> Result<Page, Failure> {
        let request = self
            .client
            .scan()
            .table_name(&self.table)
            .segment(i32::try_from(segment).unwrap_or_default())
            .total_segments(i32::try_from(SEGMENTS).unwrap_or(1))
            .limit(PAGE)
            .consistent_read(self.consistent)
            .set_exclusive_start_key(after.map(key_attributes))
            .return_consumed_capacity(ReturnConsumedCapacity::Total);
        let output = patiently(|| request.clone().send()).await?;
        let units = output.consumed_capacity().and_then(|used| used.capacity_units).unwrap_or_default();
        self.pace.spend(units).await;
        let next = output.last_evaluated_key.as_ref().and_then(key_of);
        Ok(Page { items: output.items.unwrap_or_default(), next, units })
    }

    /// Gives every item of the table to `see`; returns the consumed units.
    pub(super) async fn each(&self, see: impl Fn(&Attributes)) -> Result<f64, Failure> {
        let see = &see;
        let segments = stream::iter(0..SEGMENTS).map(|segment| async move {
            let (mut after, mut units) = (None, 0.0);
            loop {
                let page = self.page(segment, after).await?;
                units += page.units;
                page.items.iter().for_each(see);
                after = page.next;
                if after.is_none() {
                    return Ok(units);
                }
            }
        });
        let units: Vec<Result<f64, Failure>> =
            segments.buffer_unordered(usize::try_from(SEGMENTS).unwrap_or(1)).collect().await;
        units.into_iter().sum()
    }
}

/// The key in an item's attributes.
pub(super) fn key_of(item: &Attributes) -> Option<Key> {
    let text = |name: &str| item.get(name)?.as_s().ok().cloned();
    Some(Key { pk: text("pk")?, sk: text("sk")? })
}

/// A text attribute of an item; empty without one.
pub(super) fn text<'a>(item: &'a Attributes, name: &str) -> &'a str {
    item.get(name).and_then(|value| value.as_s().ok()).map(String::as_str).unwrap_or_default()
}

/// A number of an item; 0 without one.
pub(super) fn number(item: &Attributes, name: &str) -> u64 {
    item.get(name).and_then(|value| value.as_n().ok()?.parse().ok()).unwrap_or_default()
}
