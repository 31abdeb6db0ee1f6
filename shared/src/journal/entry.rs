//! An entry of the log.

use std::marker::PhantomData;

use serde::{Deserialize, Serialize};

use super::{Folded, State};
use crate::{
    Failure,
    table::{item::Entity, schema::Key},
};

/// Changes that are made together. A group writes it with `put_new`, alone or in the
/// transaction with its other writes; a refusal means that another writer was faster
/// ([`Committed::Overtaken`](super::Committed::Overtaken)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(bound = "")]
pub struct Entry<S> {
    /// Number in the log; the first is 1.
    pub number: u64,
    /// The changes as JSON text: entries are parsed far less often than they are
    /// read.
    changes: String,
    #[serde(skip)]
    state: PhantomData<fn() -> S>,
}

impl<S: State> Entry<S> {
    /// Makes the entry that follows `state`.
    pub fn after(state: &Folded<S>, changes: &[S::Change]) -> Result<Self, Failure> {
        let changes = serde_json::to_string(changes).map_err(Failure::internal)?;
        Ok(Self { number: state.number() + 1, changes, state: PhantomData })
    }

    /// Makes an entry that changes nothing.
    pub(super) fn empty(number: u64) -> Self {
        Self { number, changes: "[]".to_owned(), state: PhantomData }
    }

    /// Parses the changes.
    pub fn changes(&self) -> Result<Vec<S::Change>, Failure> {
        serde_json::from_str(&self.changes).map_err(|_| {
            Failure::internal(format!("an entry of the log of {} does not fit its schema", S::LAYOUT.name))
        })
    }
}

impl<S: State> Entity for Entry<S> {
    const TYPE: &'static str = S::LAYOUT.entry.0;

    fn key(&self) -> Key {
        (S::LAYOUT.entry.1)(self.number)
    }
}
