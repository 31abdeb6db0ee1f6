//! Bytes of an index.

use fastrand::Rng;
use shared::search::engine::{Document, Index, Query, RestoreError, Schema, TextField};

use super::{
    helpers::{OCTOBER, SCHEMA, all, found, index, terms},
    random,
};

/// Bytes in front of a chunk's part of the text: format, number, count, checksum.
const HEAD: usize = 17;

fn documents(seed: u64, count: u32) -> Vec<Document> {
    let mut rng = Rng::with_seed(seed);
    (0..count)
        .map(|number| Document { id: format!("evt_{number:05}"), ..random::document(&mut rng, 1) })
        .collect()
}

/// Restores an index from one chunk with a right checksum.
fn restore(text: &[u8]) -> Result<Index, RestoreError> {
    let mut chunk = vec![1, 0, 0, 0, 0, 1, 0, 0, 0];
    chunk.extend_from_slice(&checksum(text).to_le_bytes());
    chunk.extend_from_slice(text);
    Index::restore(&SCHEMA, &[chunk])
}

fn checksum(text: &[u8]) -> u64 {
    let mut words: Vec<u64> = Vec::new();
    for word in text.chunks(8) {
        let mut bytes = [0; 8];
        bytes[..word.len()].copy_from_slice(word);
        words.push(u64::from_le_bytes(bytes));
    }
    if text.len().is_multiple_of(8) {
        words.push(0);
    }
    let step = |sum: u64, word: u64| (sum ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
    words.into_iter().fold(text.len() as u64, step)
}

#[test]
fn equal_contents_give_equal_bytes() {
    let documents = documents(1, 300);
    let written = index(&documents).write();
    let mut rng = Rng::with_seed(2);
    for round in 0..6 {
        let mut changes: Vec<_> = documents.iter().map(|it| (it.clone(), false)).collect();
        for document in &documents {
            let older = Document { version: document.version - 1, ..random::document(&mut rng, 1) };
            changes.push((Document { id: document.id.clone(), ..older }, rng.bool()));
        }
        rng.shuffle(&mut changes);
        let mut index = Index::new(&SCHEMA);
        for (place, (document, _)) in changes.iter().enumerate() {
            index.upsert(document);
            if place % 150 == 30 * round {
                index = Index::restore(&SCHEMA, &index.write()).expect("restored");
            }
        }
        for (document, removed) in &changes {
            if *removed {
                index.remove(&document.id, document.version, OCTOBER);
            }
        }
        // The removals of older versions have done nothing, as the later ones are known.
        assert_eq!(index.write(), written);
    }
}

#[test]
fn removals_in_any_order_give_equal_bytes() {
    let documents = documents(3, 60);
    let mut rng = Rng::with_seed(4);
    let mut removals: Vec<(String, u64, i64)> = (0..200)
        .map(|_| (format!("evt_{:05}", rng.u32(..80)), rng.u64(..40), OCTOBER + rng.i64(..9)))
        .collect();
    let mut bytes = Vec::new();
    for _ in 0..4 {
        rng.shuffle(&mut removals);
        let mut index = index(&documents[..30]);
        let (first, rest) = removals.split_at(rng.usize(..200));
        for (id, version, at) in first {
            index.remove(id, *version, *at);
        }
        for document in &documents[30..] {
            index.upsert(document);
        }
        for (id, version, at) in rest {
            index.remove(id, *version, *at);
        }
        bytes.push(index.write());
    }
    assert!(bytes.iter().all(|it| *it == bytes[0]));
}

#[test]
fn a_snapshot_comes_back_whole() {
    let before = index(&documents(5, 500));
    let chunks = before.write();
    let after = Index::restore(&SCHEMA, &chunks).expect("restored");
    assert_eq!(after.write(), chunks);
    let mut rng = Rng::with_seed(6);
    for _ in 0..50 {
        let query = random::query(&mut rng);
        assert_eq!(after.search(&query), before.search(&query));
    }
    let empty = Index::new(&SCHEMA).write();
    assert!(Index::restore(&SCHEMA, &empty).expect("restored").is_empty());
}

#[test]
fn chunks_have_at_most_300_000_bytes() {
    let mut documents = documents(7, 40);
    for document in &mut documents {
        document.card = "x".repeat(20_000);
    }
    let index = index(&documents);
    let chunks = index.write();
    assert!(chunks.len() > 2 && chunks.iter().all(|chunk| chunk.len() <= 300_000));
    assert_eq!(Index::restore(&SCHEMA, &chunks).expect("restored").len(), 40);
    for lacking in 0..chunks.len() {
        let mut fewer = chunks.clone();
        fewer.remove(lacking);
        assert_eq!(Index::restore(&SCHEMA, &fewer).err(), Some(RestoreError::Corrupt));
    }
    let mut exchanged = chunks.clone();
    exchanged.swap(0, 1);
    assert_eq!(Index::restore(&SCHEMA, &exchanged).err(), Some(RestoreError::Corrupt));
    let other = super::helpers::index(&documents[1..]).write();
    let mixed = [&chunks[..1], &other[1..]].concat();
    assert_eq!(Index::restore(&SCHEMA, &mixed).err(), Some(RestoreError::Corrupt));
    assert_eq!(Index::restore(&SCHEMA, &[] as &[Vec<u8>]).err(), Some(RestoreError::Corrupt));
}

/// A small snapshot with everything in it.
fn small() -> Vec<u8> {
    let mut index = index(&documents(8, 6));
    index.remove("evt_00001", 90, OCTOBER);
    let chunks = index.write();
    assert_eq!(chunks.len(), 1);
    chunks[0].clone()
}

#[test]
fn every_flipped_bit_and_every_cut_is_an_error() {
    let whole = small();
    for place in 0..whole.len() {
        for bit in 0..8 {
            let mut flipped = whole.clone();
            flipped[place] ^= 1 << bit;
            assert!(Index::restore(&SCHEMA, &[&flipped]).is_err(), "byte {place}, bit {bit}");
        }
        assert!(Index::restore(&SCHEMA, &[&whole[..place]]).is_err(), "{place} bytes");
    }
    let longer = [&whole[..], &[0]].concat();
    assert!(Index::restore(&SCHEMA, &[longer]).is_err());
    let mut later = whole;
    later[0] = 2;
    assert_eq!(Index::restore(&SCHEMA, &[later]).err(), Some(RestoreError::Format(2)));
}

/// Uses everything of an index.
fn exercise(mut index: Index, rng: &mut Rng) {
    let query = random::query(rng);
    let page = index.search(&query);
    assert!(page.hits.len() <= query.limit);
    index.upsert(&Document { version: u64::MAX, ..random::document(rng, 8) });
    index.remove_past(OCTOBER);
    let again = Index::restore(&SCHEMA, &index.write());
    assert_eq!(again.map(|it| it.len()), Ok(index.len()));
}

#[test]
fn a_forged_snapshot_never_panics() {
    let whole = small();
    let text = &whole[HEAD..];
    let mut rng = Rng::with_seed(9);
    assert_eq!(restore(text).map(|it| it.len()), Ok(5));
    let (mut read, mut refused) = (0, 0);
    let mut attempt = |text: &[u8], rng: &mut Rng| match restore(text) {
        Ok(index) => {
            read += 1;
            exercise(index, rng);
        }
        Err(_) => refused += 1,
    };
    for place in 0..text.len() {
        for byte in [0, 1, 0x7f, 0x80, 0xff, rng.u8(..)] {
            let mut changed = text.to_vec();
            changed[place] = byte;
            attempt(&changed, &mut rng);
        }
        attempt(&text[..place], &mut rng);
        let mut huge = text[..place].to_vec();
        huge.extend_from_slice(&[0xff, 0xff, 0xff, 0xff, 0x7f]);
        huge.extend_from_slice(&text[place..]);
        attempt(&huge, &mut rng);
    }
    assert!(read > 100 && refused > 1000, "{read} {refused}");
}

#[test]
fn keys_of_another_analysis_are_computed() {
    let jazz = super::helpers::with_text("a", "title", "concerts");
    let chunks = index(&[jazz]).write();
    let mut text = chunks[0][HEAD..].to_vec();
    assert_eq!(u32::from(text[0]), shared::search::analysis::VERSION);
    text[0] += 1;
    let query = Query { text: "concert ".to_owned(), ..all() };
    let index = restore(&text).expect("restored");
    assert_eq!(found(&index, &query), ["a"]);
    assert_eq!(index.write(), chunks);
}

static LATER: Schema = Schema::new(
    &[
        TextField { name: "venue", weight: 2 },
        TextField { name: "description", weight: 1 },
        TextField { name: "title", weight: 8 },
    ],
    &["organizer", "status", "category"],
);

#[test]
fn a_later_release_may_change_the_fields() {
    let mut documents = documents(10, 200);
    documents[7].terms = terms(&[("status", &["cancelled"]), ("city", &["suva"])]);
    let chunks = index(&documents).write();
    let read = Index::restore(&LATER, &chunks).expect("restored");
    let mut made = Index::new(&LATER);
    for document in &documents {
        made.upsert(document);
    }
    assert_eq!(read.write(), made.write());
    let mut rng = Rng::with_seed(11);
    for _ in 0..100 {
        let query = random::query(&mut rng);
        assert_eq!(read.search(&query), made.search(&query));
    }
}
