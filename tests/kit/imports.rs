//! Imports in chunks.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared::{
    Context,
    bus::{DomainEvent, events::ImportChunkAdded},
    http::problem::Named,
    id::{ImportChunkId, OrganizationKind},
    imports::{self, ImportKind, ImportResult, Importer, Layout, Outcome},
    seller::Seller,
    table::schema::Key,
};

use super::{context, table};
use crate::harness::{App, test};

shared::operations! {
    /// Writes an import.
    PUT_IMPORT = "kit.put_import": 1 round trip, 0.0 read, 1.0 write;
    /// Writes a chunk.
    PUT_CHUNK = "kit.put_chunk": 1 round trip, 0.0 read, 1.0 write;
    /// Reads a chunk.
    GET_CHUNK = "kit.get_chunk": 1 round trip, 1.0 read, 0.0 write;
    /// Reads the result of a chunk.
    GET_RESULT = "kit.get_result": 1 round trip, 1.0 read, 0.0 write;
    /// Writes the result of a chunk.
    PUT_RESULT = "kit.put_result": 1 round trip, 0.0 read, 1.0 write;
    /// Reads an import and its results.
    LIST_IMPORT = "kit.list_import": 2 round trips, 2.0 read, 0.0 write;
}

fn key(pk: String, sk: impl Into<String>) -> Key {
    Key { pk, sk: sk.into() }
}

#[derive(Debug, Clone)]
enum SeatImport {}

impl ImportKind for SeatImport {
    const LAYOUT: Layout = Layout {
        import: ("kit_import", |id| key(format!("IMPORT#kit/{id}"), "IMPORT")),
        chunk: ("kit_chunk", |id| key(format!("IMPORT_CHUNK#kit/{id}"), "CHUNK")),
        result: ("kit_result", |id, chunk| key(format!("IMPORT#kit/{id}"), format!("RESULT#{chunk}"))),
        chunk_rows: 150,
        // An event of the catalogue, whose consumer finds no such chunk. The
        // publisher accepts it from these partitions only.
        chunk_added: |chunk_id, import_id| {
            DomainEvent::ImportChunkAdded(ImportChunkAdded { chunk_id, import_id })
        },
        put_import: &PUT_IMPORT,
        put_chunk: &PUT_CHUNK,
        get_chunk: &GET_CHUNK,
        get_result: &GET_RESULT,
        put_result: &PUT_RESULT,
        list_import: &LIST_IMPORT,
    };
}

#[derive(Debug, Serialize, Deserialize)]
struct Seat {
    row: usize,
    is_free: bool,
}

/// An account that imports for the platform.
fn importer(context: &Context) -> Importer {
    Importer { user_id: context.ids.next(), seller: Seller::Platform, is_member: false }
}

/// The chunks in the table, sorted by id.
async fn chunks(app: &App) -> Vec<ImportChunkId> {
    let scan = app.dynamodb().scan().table_name(&app.platform.stack().table.name);
    let items = scan.into_paginator().items().send().collect::<Result<Vec<_>, _>>().await.unwrap();
    let keys = items.iter().map(|item| item["pk"].as_s().unwrap());
    let mut ids: Vec<ImportChunkId> =
        keys.filter_map(|pk| pk.strip_prefix("IMPORT_CHUNK#kit/")).map(|id| id.parse().unwrap()).collect();
    ids.sort();
    ids
}

/// The chunks whose events were written.
async fn announced(app: &App) -> Vec<ImportChunkId> {
    let scan = app.dynamodb().scan().table_name(&app.platform.stack().table.name);
    let items = scan.into_paginator().items().send().collect::<Result<Vec<_>, _>>().await.unwrap();
    let outboxes = items.iter().filter_map(|item| item.get("events")?.as_s().ok());
    let events = outboxes.flat_map(|outbox| serde_json::from_str::<Vec<Value>>(outbox).unwrap());
    events.filter_map(|event| event["data"]["chunk_id"].as_str()?.parse().ok()).collect()
}

const SEAT_TAKEN: Named = Named::new(409, "seat_taken", "The seat is taken.");

/// Processes a chunk: seats that are not free are refused.
async fn process(app: &App, id: ImportChunkId, outcome: Outcome) {
    let table = table(app);
    let Some(chunk) = imports::chunk::<SeatImport>(&table, id).await.unwrap() else { return };
    let mut result = ImportResult::new(&chunk);
    for Seat { row, is_free } in chunk.rows().unwrap() {
        if is_free {
            result.count(outcome);
        } else {
            result.refuse(row, SEAT_TAKEN.into());
        }
    }
    imports::finish(&table, &result).await.unwrap();
}

#[test]
fn each_chunk_counts_once_and_the_report_sums_them_up() {
    test(async |app| {
        let (table, context) = (table(app), context(app));
        let importer = importer(&context);
        // Every other seat is free, and none of the last chunk.
        let seat = |row| Seat { row, is_free: row % 2 == 0 && row <= 300 };
        let seats: Vec<Seat> = (1..=440).map(seat).collect();
        let id =
            imports::begin::<SeatImport, _>(&table, &context.ids, &importer, &seats, |_| None).await.unwrap();
        let report = async || imports::report::<SeatImport>(&table, id).await.unwrap().expect("an import");
        let chunks = chunks(app).await;
        assert_eq!(chunks.len(), 3);
        let begun = report().await;
        assert_eq!((begun.rows, begun.is_done, begun.failed), (440, false, 0));

        // In reverse order, and twice: the first result stays.
        for chunk in chunks.iter().rev() {
            assert!(!report().await.is_done);
            process(app, *chunk, Outcome::Created).await;
            process(app, *chunk, Outcome::Unchanged).await;
        }
        let done = report().await;
        assert!(done.is_done);
        assert_eq!([done.created, done.updated, done.unchanged, done.failed], [150, 0, 0, 290]);
        assert_eq!(done.failures.len(), 3 * 25, "of each chunk, 25 at most");
        assert!(done.failures.is_sorted_by_key(|failure| failure.row));
        assert_eq!((done.failures[0].row, done.failures[0].code.as_str()), (1, "seat_taken"));
        assert_eq!(done.failures[74].row, 325);
    });
}

#[test]
fn chunks_of_one_key_are_brought_one_after_the_other() {
    test(async |app| {
        let (table, context) = (table(app), context(app));
        let importer = importer(&context);
        let seats: Vec<Seat> = (1..=320).map(|row| Seat { row, is_free: true }).collect();
        let key = |_: &Seat| Some("hall".to_owned());
        let id = imports::begin::<SeatImport, _>(&table, &context.ids, &importer, &seats, key).await.unwrap();
        for count in 1..=3 {
            let chunks = announced(app).await;
            assert_eq!(chunks.len(), count);
            for chunk in chunks {
                process(app, chunk, Outcome::Created).await;
            }
        }
        assert_eq!(announced(app).await.len(), 3);
        let report = imports::report::<SeatImport>(&table, id).await.unwrap().expect("an import");
        assert_eq!((report.is_done, report.created), (true, 320));
    });
}

#[test]
fn the_chunks_of_an_organisation_are_brought_one_after_the_other() {
    test(async |app| {
        let (table, context) = (table(app), context(app));
        let seller = Seller::Organization(App::id::<OrganizationKind>(1));
        let importer = Importer { seller: seller.clone(), is_member: true, ..importer(&context) };
        let seats: Vec<Seat> = (1..=440).map(|row| Seat { row, is_free: true }).collect();
        let begin = imports::begin::<SeatImport, _>(&table, &context.ids, &importer, &seats, |_| None);
        let id = begin.await.unwrap();
        for count in 1..=3 {
            let chunks = announced(app).await;
            assert_eq!(chunks.len(), count);
            for chunk in chunks {
                process(app, chunk, Outcome::Created).await;
            }
        }
        let report = imports::report::<SeatImport>(&table, id).await.unwrap().expect("an import");
        assert_eq!((report.is_done, report.created, report.seller), (true, 440, seller));
    });
}

#[test]
fn an_unknown_import_has_no_report() {
    test(async |app| {
        let id = context(app).ids.next();
        assert_eq!(imports::report::<SeatImport>(&table(app), id).await.unwrap(), None);
    });
}
