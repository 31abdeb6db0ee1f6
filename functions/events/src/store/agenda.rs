//! Writes of the agenda's log.

use shared::{Failure, UnlessRefused as _, table::Condition};

use super::Store;
use crate::{agenda::AgendaLogEntry, operations::APPEND_TO_AGENDA};

impl Store {
    /// Appends an entry; false if its number is taken.
    pub(crate) async fn append_to_agenda(&self, entry: &AgendaLogEntry) -> Result<bool, Failure> {
        let written = self.table.operation(&APPEND_TO_AGENDA).put(entry, Condition::New, Vec::new()).await;
        Ok(written.unless_refused()?.is_some())
    }
}
