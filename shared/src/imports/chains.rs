//! Rows in chunks: rows of one key are in one chunk, or in chunks that are processed
//! in order.

use std::collections::HashMap;

use serde::Serialize;

use crate::Failure;

/// Maximum bytes of a chunk with several rows.
const CHUNK_BYTES: usize = 200 * 1024;

/// Chunks, each a JSON array, that are processed in order.
pub(super) type Chain = Vec<String>;

/// Cuts rows into chains of chunks. Rows of one key are in one chain, in their order,
/// and in one chunk if they fit.
pub(super) fn chains<R: Serialize>(
    rows: &[R],
    key: impl Fn(&R) -> Option<String>,
    chunk_rows: usize,
) -> Result<Vec<Chain>, Failure> {
    let mut groups: Vec<Vec<String>> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for row in rows {
        let json = serde_json::to_string(row).map_err(Failure::internal)?;
        let place = key(row).map_or(groups.len(), |key| *places.entry(key).or_insert(groups.len()));
        match groups.get_mut(place) {
            Some(group) => group.push(json),
            None => groups.push(vec![json]),
        }
    }
    let mut chains = Vec::new();
    let mut open = Open::default();
    for group in groups {
        let bytes = group.iter().map(String::len).sum();
        if !open.has_room(group.len(), bytes, chunk_rows) {
            chains.extend(open.close().map(|chunk| vec![chunk]));
        }
        if open.has_room(group.len(), bytes, chunk_rows) {
            for row in &group {
                open.push(row);
            }
        } else {
            let mut chain = Vec::new();
            for row in &group {
                if !open.has_room(1, row.len(), chunk_rows) {
                    chain.extend(open.close());
                }
                open.push(row);
            }
            chain.extend(open.close());
            chains.push(chain);
        }
    }
    chains.extend(open.close().map(|chunk| vec![chunk]));
    Ok(chains)
}

/// The chunk that is being filled.
#[derive(Default)]
struct Open {
    rows: String,
    count: usize,
}

impl Open {
    /// True if `rows` more rows of `bytes` bytes fit. A single row always does.
    fn has_room(&self, rows: usize, bytes: usize, chunk_rows: usize) -> bool {
        let (rows, bytes) = (self.count + rows, self.rows.len() + bytes);
        rows == 1 || (rows <= chunk_rows && bytes <= CHUNK_BYTES)
    }

    fn push(&mut self, row: &str) {
        if self.count > 0 {
            self.rows.push(',');
        }
        self.rows.push_str(row);
        self.count += 1;
    }

    fn close(&mut self) -> Option<String> {
        let Self { rows, count } = std::mem::take(self);
        (count > 0).then(|| format!("[{rows}]"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rows of each chunk, chain by chain.
    fn cut(rows: &[String], chunk_rows: usize) -> Vec<Vec<Vec<String>>> {
        let key = |row: &String| row.split_once('=').map(|(key, _)| key.to_owned());
        let chains = chains(rows, key, chunk_rows).expect("is JSON");
        let rows = |chunk: &String| serde_json::from_str(chunk).expect("is JSON");
        chains.iter().map(|chain| chain.iter().map(rows).collect()).collect()
    }

    fn lengths(chains: &[Vec<Vec<String>>]) -> Vec<Vec<usize>> {
        chains.iter().map(|chain| chain.iter().map(Vec::len).collect()).collect()
    }

    #[test]
    fn rows_are_cut_into_chunks_by_number_and_by_size() {
        let rows: Vec<String> = (0..7).map(|row| row.to_string()).collect();
        assert_eq!(lengths(&cut(&rows, 3)), [[3], [3], [1]]);
        let wide = vec!["x".repeat(90 * 1024); 5];
        assert_eq!(lengths(&cut(&wide, 3)), [[2], [2], [1]]);
        assert_eq!(lengths(&cut(&[], 3)), Vec::<Vec<usize>>::new());
    }

    #[test]
    fn rows_of_one_key_stay_in_order_and_in_one_chunk() {
        let rows: Vec<String> = "a=1 b=1 c=1 b=2 d=1 b=3".split(' ').map(str::to_owned).collect();
        assert_eq!(cut(&rows, 3), [[vec!["a=1"]], [vec!["b=1", "b=2", "b=3"]], [vec!["c=1", "d=1"]]]);
    }

    #[test]
    fn rows_of_one_key_that_no_chunk_has_room_for_are_a_chain() {
        let rows: Vec<String> =
            ["a=1".to_owned()].into_iter().chain((0..7).map(|row| format!("b={row}"))).collect();
        let chains = cut(&rows, 3);
        assert_eq!(lengths(&chains), [vec![1], vec![3, 3, 1]]);
        assert_eq!(chains[1].concat(), rows[1..]);
    }
}
