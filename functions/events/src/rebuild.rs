//! Rebuild of the agenda from the events, for an operator: the way out if its snapshot or its
//! log cannot be read, or is wrong, and after an update of the zone database.

use std::time::Duration;

use shared::{
    Context, Failure,
    journal::State as _,
    table::{Table, item::Stored},
};

use crate::{
    agenda::{Agenda, AgendaChange, AgendaKeeper, SEARCHED, document},
    operations::APPEND_TO_AGENDA,
    store::Store,
};

/// Number of events in a read.
const PAGE: usize = 100;

/// Time for which lists of events may lag behind their writes.
const LAG: Duration = Duration::from_secs(2);

/// Replaces the agenda. Returns the number of events in it.
pub async fn rebuild_agenda(table: Table, context: &Context) -> Result<usize, Failure> {
    let store = Store::new(table.clone());
    let mut listed = 0;
    let build = async {
        // Earlier changes are no longer applied: the lists must have them.
        tokio::time::sleep(LAG).await;
        let agenda = build(&store, context).await?;
        listed = agenda.len();
        Ok(agenda)
    };
    AgendaKeeper::new(table, context.clone()).rebuild(&APPEND_TO_AGENDA, build).await?;
    Ok(listed)
}

async fn build(store: &Store, context: &Context) -> Result<Agenda, Failure> {
    let mut agenda = Agenda::default();
    for status in SEARCHED {
        let mut after = None;
        loop {
            let page = store.list_events_by_status(status, after, PAGE).await?;
            let ids: Vec<_> = page.iter().map(|event| event.id).collect();
            let events = store.get_events(&ids).await?;
            let names = store.organizer_names(events.iter().map(|event| &event.entity.organizer)).await?;
            for event in events {
                let name = names.get(&event.entity.organizer).map(String::as_str);
                // The stored card has the instants of an earlier zone database.
                let event = Stored { entity: event.entity.with_card(), ..event };
                if let Some(document) = document(&event, name, context.clock.now()) {
                    let known = agenda.apply(AgendaChange::Upsert(Box::new(document)));
                    known.map_err(|_| Failure::internal("an entry of the agenda is not known"))?;
                }
            }
            after = page.last().map(|event| event.sort.clone()).filter(|_| page.len() == PAGE);
            if after.is_none() {
                break;
            }
        }
    }
    Ok(agenda)
}
