//! `GET /api/v1/events/managed`

use axum::extract::State;
use serde::Deserialize;
use shared::{
    http::{
        InvalidCursor, List, Page, Paging, Reply,
        problem::{FORBIDDEN, UNSUPPORTED_FILTER_COMBINATION},
    },
    identity::Caller,
    membership::{MemberAction, NotPermitted},
    organizer::Organizer,
    text::Invalid,
    vocabulary::EventStatus,
};
use utoipa::IntoParams;

use crate::{access::manages, state::Events, store::ListedEvent, view::EventSummary};

/// Filters of managed events.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ManagedEventFilters {
    /// Filter by organizer: the caller, an organisation of the caller or, for administrators,
    /// any. Defaults to the caller. Cannot be combined with `all`.
    #[serde(default, deserialize_with = "organizer")]
    #[param(value_type = Option<String>, example = "org_01h455vb4pex5vsknk084sn02q")]
    organizer: Option<Organizer>,
    /// Filter by status.
    #[param(inline)]
    status: Option<EventStatus>,
    /// True for the events of all organizers. Requires `status` and an administrator.
    all: Option<bool>,
}

fn organizer<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Organizer>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    let parse = |text: String| Organizer::parse(&text).map_err(|Invalid { detail, .. }| detail);
    text.map(parse).transpose().map_err(serde::de::Error::custom)
}

shared::problems! {
    /// Errors of listing managed events.
    pub enum ListManagedEventsError {
        Forbidden => FORBIDDEN,
        NotPermitted(NotPermitted),
        Unsupported => UNSUPPORTED_FILTER_COMBINATION,
        Cursor(InvalidCursor),
    }
}

/// List managed events
///
/// Lists the events of an organizer in every status, the newest first: for the organizer,
/// members of the organisation, and administrators. With `all`, the events of every
/// organizer in one status, for administrators. Eventually consistent.
#[utoipa::path(
    get,
    path = "/api/v1/events/managed",
    params(ManagedEventFilters, Paging),
    security(("bearer" = [])),
    responses(Reply<Page<EventSummary>>, ListManagedEventsError),
)]
pub async fn list_managed_events(
    State(events): State<Events>,
    caller: Caller,
    List { filters, paging }: List<ManagedEventFilters>,
) -> Result<Reply<Page<EventSummary>>, ListManagedEventsError> {
    let reader = Some(caller.user_id);
    let after: Option<String> = paging.after(reader)?;
    let (store, limit) = (&events.store, paging.to_read());
    let ManagedEventFilters { organizer, status, all } = filters;
    let found = if all == Some(true) {
        let (None, Some(status)) = (organizer, status) else {
            return Err(ListManagedEventsError::Unsupported);
        };
        if !manages(&caller) {
            return Err(ListManagedEventsError::Forbidden);
        }
        store.list_events_by_status(status, after, limit).await?
    } else {
        let organizer = organizer.unwrap_or(Organizer::User(caller.user_id));
        judge(&events, &caller, &organizer).await?;
        let one = status.map(|status| [status]);
        let statuses = one.as_ref().map_or(EventStatus::ALL, |status| &status[..]);
        store.list_events_of(&organizer, statuses, after, limit).await?
    };
    let page = paging.page(reader, found, |event: &ListedEvent| event.sort.clone())?;
    Ok(Reply(page.map(|ListedEvent { id, card, .. }| EventSummary::new(id, card))))
}

/// Refuses a caller who may not see the drafts of an organizer.
async fn judge(
    events: &Events,
    caller: &Caller,
    organizer: &Organizer,
) -> Result<(), ListManagedEventsError> {
    match organizer {
        _ if manages(caller) => Ok(()),
        Organizer::User(user) if *user == caller.user_id => Ok(()),
        Organizer::Organization(organization) => {
            let action = MemberAction::ViewEvents;
            if events.store.get_standing(*organization, caller.user_id).await?.may(action) {
                return Ok(());
            }
            Err(NotPermitted(action).into())
        }
        Organizer::User(_) | Organizer::Unknown(_) => Err(ListManagedEventsError::Forbidden),
    }
}
