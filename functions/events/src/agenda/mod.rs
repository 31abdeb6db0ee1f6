//! The agenda: listed events with their dates from a month ago on, as search finds them. It is
//! the state of a log ([`shared::journal`]), which the group's consumer writes; `events-search` follows it
//! and answers from memory.

mod area;
mod document;
mod filters;
mod query;
mod state;
mod view;

use std::time::Duration;

use shared::journal;

pub use self::state::{Agenda, AgendaChange};
pub(crate) use self::{
    document::{AgendaCard, document},
    filters::{Collapse, EventFilters, SEARCHED},
    query::{Unsupported, facets, months},
    view::{EventFacets, FoundEvent, FoundEventPage},
};

/// An entry of the agenda's log.
pub type AgendaLogEntry = journal::Entry<Agenda>;
/// The agenda of a warm function.
pub type AgendaKeeper = journal::Keeper<Agenda>;

/// Days for which past dates stay: calendars of the present month show them, and readers of a
/// feed learn that one was cancelled.
pub(crate) const KEPT_DAYS: i64 = 31;

/// Maximum age of the agenda that a search answers from.
pub(crate) const MAX_AGE: Duration = Duration::from_secs(5);
