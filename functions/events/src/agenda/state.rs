//! The agenda as the state of its log: an index, whose chunks are the parts of a snapshot.

use std::{fmt, ops::Deref};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Visitor};
use shared::{
    Failure,
    journal::{Layout, Parts, State, UnknownChange},
    search::engine::{Document, Index},
    table::schema,
};

use super::document::SCHEMA;
use crate::operations;

/// The region of all events. Keys name it, so that an agenda of many events can be divided.
const REGION: &str = "all";

/// See the [module](self).
#[derive(Debug, Clone)]
pub struct Agenda(Index);

impl Default for Agenda {
    fn default() -> Self {
        Self(Index::new(&SCHEMA))
    }
}

impl Deref for Agenda {
    type Target = Index;

    fn deref(&self) -> &Index {
        &self.0
    }
}

/// A change of the agenda.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AgendaChange {
    /// Shows an event.
    Upsert(Box<Document>),
    /// Shows no version of an event up to this one.
    Remove {
        /// Event.
        id: String,
        /// Version of the event.
        version: u64,
        /// Time of the removal, in Unix seconds.
        at: i64,
    },
    /// Removes the events whose occurrences all ended before a time in Unix seconds.
    RemovePast(i64),
    /// A change of a later release.
    #[serde(untagged)]
    Unknown(serde_json::Value),
}

impl AgendaChange {
    /// True if `agenda` has this change, or a later one of the event.
    pub fn is_in(&self, agenda: &Agenda) -> bool {
        let known = |id: &str, version: u64| agenda.version(id).is_some_and(|known| known >= version);
        match self {
            Self::Upsert(document) => known(&document.id, document.version),
            Self::Remove { id, version, .. } => known(id, *version),
            Self::RemovePast(_) | Self::Unknown(_) => false,
        }
    }
}

/// Part of a snapshot: a chunk of the index.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct AgendaPart {
    chunk: Chunk,
}

/// Bytes, which the table stores as they are.
#[derive(Debug, Clone, Default)]
struct Chunk(Vec<u8>);

impl Serialize for Chunk {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Chunk {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bytes;

        impl Visitor<'_> for Bytes {
            type Value = Chunk;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("bytes")
            }

            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Chunk, E> {
                Ok(Chunk(bytes.to_vec()))
            }

            fn visit_byte_buf<E>(self, bytes: Vec<u8>) -> Result<Chunk, E> {
                Ok(Chunk(bytes))
            }
        }

        deserializer.deserialize_byte_buf(Bytes)
    }
}

impl AsRef<[u8]> for AgendaPart {
    fn as_ref(&self) -> &[u8] {
        &self.chunk.0
    }
}

impl State for Agenda {
    type Change = AgendaChange;
    type Part = AgendaPart;

    const LAYOUT: Layout = Layout {
        name: "the agenda",
        entry: ("agenda_log_entry", |number| schema::agenda_log(REGION, number)),
        snapshot: ("agenda_snapshot", || schema::agenda_snapshot(REGION)),
        part: ("agenda_snapshot_part", |number, part| schema::agenda_snapshot_part(REGION, number, part)),
        follow: &operations::FOLLOW_AGENDA,
        get_snapshot: &operations::GET_AGENDA_SNAPSHOT,
        list_snapshot: &operations::LIST_AGENDA_SNAPSHOT,
        put_snapshot_part: &operations::PUT_AGENDA_SNAPSHOT_PART,
        put_snapshot: &operations::PUT_AGENDA_SNAPSHOT,
        remove_snapshot: &operations::REMOVE_AGENDA_SNAPSHOT,
    };

    fn apply(&mut self, change: AgendaChange) -> Result<(), UnknownChange> {
        match change {
            AgendaChange::Upsert(document) => self.0.upsert(&document),
            AgendaChange::Remove { id, version, at } => self.0.remove(&id, version, at),
            AgendaChange::RemovePast(before) => {
                self.0.remove_past(before);
            }
            AgendaChange::Unknown(_) => return Err(UnknownChange),
        }
        Ok(())
    }

    fn write(&self, parts: &mut Parts<Self>) -> Result<(), Failure> {
        for chunk in self.0.write() {
            parts.part(AgendaPart { chunk: Chunk(chunk) });
        }
        Ok(())
    }

    fn restore(parts: &[AgendaPart]) -> Result<Self, Failure> {
        Index::restore(&SCHEMA, parts).map(Self).map_err(Failure::internal)
    }
}
