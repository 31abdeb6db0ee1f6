//! A state of names, its operations and its keeper.

use serde::{Deserialize, Serialize};
use shared::{
    Failure, Refused,
    journal::{Committed, Entry, Keeper, Layout, Parts, SnapshotPart, State, UnknownChange, lines},
    table::{Condition, Query, Table},
};

use crate::{
    harness::App,
    kit::{context, key, table},
};

shared::operations! {
    /// Appends an entry.
    APPEND = "kit.append": 1 round trip, 0.0 read, 1.0 write;
    /// Reads the entries after the last known one.
    FOLLOW = "kit.follow": 1 round trip, 1.0 read, 0.0 write;
    /// Reads the head of the snapshot.
    GET_SNAPSHOT = "kit.get_snapshot": 1 round trip, 1.0 read, 0.0 write;
    /// Reads the parts of a snapshot.
    LIST_SNAPSHOT = "kit.list_snapshot": 1 round trip, 1.0 read, 0.0 write;
    /// Writes a part of a snapshot.
    PUT_SNAPSHOT_PART = "kit.put_snapshot_part": 1 round trip, 0.0 read, 1.0 write;
    /// Writes the head of the snapshot.
    PUT_SNAPSHOT = "kit.put_snapshot": 1 round trip, 0.0 read, 1.0 write;
    /// Removes an entry.
    REMOVE = "kit.remove": 1 round trip, 0.0 read, 1.0 write;
    /// Removes parts of a snapshot.
    REMOVE_SNAPSHOT = "kit.remove_snapshot": 1 round trip, 0.0 read, 2.0 write;
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names(pub Vec<String>);

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct NamesPart {
    lines: String,
}

impl State for Names {
    type Change = Option<String>;
    type Part = NamesPart;
    const LAYOUT: Layout = Layout {
        name: "the names",
        entry: ("kit_entry", |number| key("LOG", &format!("{number:012}"))),
        snapshot: ("kit_snapshot", || key("SNAPSHOT", "SNAPSHOT")),
        part: ("kit_part", |number, part| key(&format!("SNAPSHOT#{number}"), &format!("{part:06}"))),
        follow: &FOLLOW,
        get_snapshot: &GET_SNAPSHOT,
        list_snapshot: &LIST_SNAPSHOT,
        put_snapshot_part: &PUT_SNAPSHOT_PART,
        put_snapshot: &PUT_SNAPSHOT,
        remove_snapshot: &REMOVE_SNAPSHOT,
    };

    fn apply(&mut self, name: Option<String>) -> Result<(), UnknownChange> {
        self.0.push(name.ok_or(UnknownChange)?);
        Ok(())
    }

    fn write(&self, parts: &mut Parts<Self>) -> Result<(), Failure> {
        self.0.iter().try_for_each(|name| parts.line(name, |part| &mut part.lines))
    }

    fn restore(parts: &[NamesPart]) -> Result<Self, Failure> {
        parts.iter().flat_map(|part| lines(&part.lines)).collect::<Result<_, _>>().map(Self)
    }
}

/// A keeper that has not read anything yet.
pub fn keeper(app: &App) -> Keeper<Names> {
    Keeper::new(table(app), context(app))
}

pub async fn append(table: &Table, entry: Entry<Names>) -> Result<Committed<Names, ()>, Failure> {
    match table.operation(&APPEND).put(&entry, Condition::New, Vec::new()).await {
        Ok(()) => Ok(Committed::Done((), Some(entry))),
        Err(Refused::By(_)) => Ok(Committed::Overtaken),
        Err(Refused::Failed(failure)) => Err(failure),
    }
}

/// Adds names, unless the first exists.
pub async fn add(table: &Table, keeper: &Keeper<Names>, names: &[String]) -> Result<(), Failure> {
    let changes: &Vec<_> = &names.iter().cloned().map(Some).collect();
    keeper
        .commit(|state| async move {
            if state.0.contains(&names[0]) {
                return Ok(Committed::Done((), None));
            }
            append(table, Entry::after(&state, changes)?).await
        })
        .await
}

pub async fn parts(app: &App, number: u64) -> usize {
    let query = Query::table((Names::LAYOUT.part.1)(number, 0));
    table(app).operation(&LIST_SNAPSHOT).list::<SnapshotPart<Names>>(query).await.unwrap().len()
}

/// Numbers of the entries in the log.
pub async fn numbers(app: &App) -> Vec<u64> {
    let query = Query::table((Names::LAYOUT.entry.1)(0));
    let entries = table(app).operation(&FOLLOW).list::<Entry<Names>>(query).await.unwrap();
    entries.into_iter().map(|entry| entry.entity.number).collect()
}
