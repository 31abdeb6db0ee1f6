//! Counters that many callers decrease at once: of stock, and of any other limited
//! quantity. A counter is one item, or is spread over numbered buckets, so that
//! writers rarely conflict. A *cell* is the counter's own item or one of its buckets.
//!
//! This module has only the arithmetic; the group that owns the counter writes the
//! result on the condition that each cell still has the quantity.

use serde::{Deserialize, Serialize};

/// A quantity taken from one cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// Number of the bucket; `None`: the counter's own item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bucket: Option<u8>,
    /// Quantity.
    pub quantity: u32,
}

/// A cell and its available quantity.
pub type Available = (Option<u8>, u64);

/// Takes `quantity` from `cells`: first from those of `already`, then from those that
/// have all of it, in their order, then from the fullest. At most `new` cells beyond
/// those of `already` are used. `Err` has the quantity that could be taken.
pub fn take(
    mut cells: Vec<Available>,
    quantity: u32,
    already: &[Taken],
    new: usize,
) -> Result<Vec<Taken>, u32> {
    let is_new = |bucket: Option<u8>| !already.iter().any(|taken| taken.bucket == bucket);
    let up_to = |available: u64| u32::try_from(available).unwrap_or(u32::MAX);
    cells.sort_by_key(|(bucket, available)| {
        (is_new(*bucket), std::cmp::Reverse(quantity.min(up_to(*available))))
    });
    let (mut taken, mut left, mut used) = (Vec::new(), quantity, 0);
    for (bucket, available) in cells {
        let here = up_to(available).min(left);
        if here == 0 || (is_new(bucket) && used == new) {
            continue;
        }
        used += usize::from(is_new(bucket));
        taken.push(Taken { bucket, quantity: here });
        left -= here;
    }
    if left > 0 { Err(quantity - left) } else { Ok(taken) }
}

/// Adds up two lists of quantities; the result has each cell once.
pub fn together(old: &[Taken], more: Vec<Taken>) -> Vec<Taken> {
    let mut all = old.to_vec();
    for new in more {
        match all.iter_mut().find(|taken| taken.bucket == new.bucket) {
            Some(taken) => taken.quantity += new.quantity,
            None => all.push(new),
        }
    }
    all
}

/// Divides `available` over `count` buckets, as equally as possible.
pub fn deal(available: u64, count: u8) -> Vec<u64> {
    let parts = u64::from(count);
    (0..parts).map(|part| available / parts + u64::from(part < available % parts)).collect()
}

/// Divides the quantity `gone` over a counter with `own` on its own item: first from
/// there, then from its fullest buckets. Returns the parts of the own item and of the
/// buckets. A remainder that no cell has goes to the own item, whose condition then
/// refuses it.
pub fn take_off(mut gone: u64, own: u64, buckets: &[(u8, u64)]) -> (u64, Vec<(u8, u64)>) {
    let here = gone.min(own);
    gone -= here;
    let mut fullest = buckets.to_vec();
    fullest.sort_by_key(|(_, available)| std::cmp::Reverse(*available));
    let mut parts = Vec::new();
    for (number, available) in fullest {
        let part = gone.min(available);
        if part > 0 {
            parts.push((number, part));
            gone -= part;
        }
    }
    (here + gone, parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(parts: &[(Option<u8>, u32)]) -> Vec<Taken> {
        parts.iter().map(|(bucket, quantity)| Taken { bucket: *bucket, quantity: *quantity }).collect()
    }

    #[test]
    fn the_first_cell_with_enough_is_taken_before_the_fullest_ones() {
        let cells = vec![(Some(2), 3), (Some(0), 9), (Some(1), 8), (None, 1)];
        assert_eq!(take(cells.clone(), 5, &[], 4), Ok(taken(&[(Some(0), 5)])));
        assert_eq!(take(cells.clone(), 12, &[], 4), Ok(taken(&[(Some(0), 9), (Some(1), 3)])));
        assert_eq!(take(cells.clone(), 12, &[], 1), Err(9));
        assert_eq!(take(cells, 22, &[], 4), Err(21));
    }

    #[test]
    fn cells_that_are_used_already_come_first_and_count_as_none() {
        let already = taken(&[(Some(1), 2)]);
        let cells = vec![(Some(0), 9), (Some(1), 1)];
        let more = take(cells.clone(), 3, &already, 1).expect("there is enough");
        assert_eq!(more, taken(&[(Some(1), 1), (Some(0), 2)]));
        assert_eq!(together(&already, more), taken(&[(Some(1), 3), (Some(0), 2)]));
        assert_eq!(take(cells, 3, &already, 0), Err(1));
    }

    #[test]
    fn parts_are_equal_and_lose_nothing() {
        assert_eq!(deal(10, 4), [3, 3, 2, 2]);
        assert_eq!(deal(2, 4), [1, 1, 0, 0]);
        assert_eq!(deal(7, 0), [0_u64; 0]);
    }

    #[test]
    fn the_own_item_is_emptied_before_buckets_and_refuses_the_rest() {
        let buckets = [(0, 2), (1, 5)];
        assert_eq!(take_off(3, 4, &buckets), (3, vec![]));
        assert_eq!(take_off(10, 4, &buckets), (4, vec![(1, 5), (0, 1)]));
        assert_eq!(take_off(20, 4, &buckets), (13, vec![(1, 5), (0, 2)]));
    }
}
