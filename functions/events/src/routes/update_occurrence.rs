//! `PATCH /api/v1/events/{event_id}/occurrences/{occurrence_key}`

use axum::extract::State;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use shared::{
    bus::DomainEvent,
    http::{Change as FieldChange, Faults, IfMatch, Json, Patch, Path, Query, Reply, Versioned},
    id::EventId,
    identity::Caller,
    text::{EventTitle, Invalid},
    vocabulary,
};
use utoipa::ToSchema;

use super::{
    occurrences::{ChangeOccurrenceError, change_occurrences, excepted, exception, view},
    schedule_options::OrphanOptions,
};
use crate::{
    body::venue_of,
    event::{Change, Effect, Event, Orphans, Venue, instant},
    schedule::{
        Fault, Key, Length, Local, Rule,
        edit::{Ends, PartChange, Revision},
    },
    state::Events,
    view::{ChangedOccurrenceView, OccurrenceView},
    writer::{Found, Outcome},
};

vocabulary! {
    /// Occurrences that a change applies to.
    pub enum Scope {
        /// This occurrence.
        This = "this",
        /// This occurrence and those that follow it in its part of the schedule.
        ThisAndFollowing = "this_and_following",
        /// All occurrences; if some have begun, those that have not.
        All = "all",
    }
}

/// Changes of an occurrence. `null` restores the value of the series.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(examples(json!({ "start": "2030-10-08T20:00", "scope": "this" })))]
pub struct UpdateOccurrenceRequest {
    /// Local start.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    start: Patch<String>,
    /// ISO 8601 duration.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    duration: Patch<String>,
    /// Title.
    #[serde(default)]
    #[schema(value_type = Option<EventTitle>)]
    title: Patch<String>,
    /// Venue. It replaces all fields of the venue of the series.
    #[serde(default)]
    #[schema(value_type = Option<Venue>)]
    venue: Patch<Map<String, Value>>,
    /// Occurrences that the change applies to. Defaults to `this`.
    #[serde(default)]
    #[schema(value_type = Option<Scope>)]
    scope: Patch<Scope>,
    /// Recurrence rule. Not with the scope `this`.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    rule: Patch<String>,
    /// Last local date, inclusive; `null` for none. Not with the scope `this`.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    until: Patch<String>,
    /// Number of dates from this one on. Not with the scope `this`.
    #[serde(default)]
    #[schema(value_type = Option<u16>)]
    count: Patch<u16>,
}

type UpdatedOccurrence = Versioned<Reply<ChangedOccurrenceView>>;

/// Update an occurrence
///
/// Changes one occurrence, this one and all following ones, or all occurrences. Changes of
/// single occurrences keep their dates when the series changes: `dropped` lists those whose
/// date it does not give any more. Returns the occurrence, or the next one if its date is one
/// of these. For the organizer, and editors and higher roles of the organizing organisation.
#[utoipa::path(
    patch,
    path = "/api/v1/events/{event_id}/occurrences/{occurrence_key}",
    params(
        ("event_id" = EventId, Path, description = "The event's id."),
        ("occurrence_key" = String, Path, description = "Key of the occurrence.", example = "2030-10-08"),
        OrphanOptions,
    ),
    security(("bearer" = [])),
    request_body = UpdateOccurrenceRequest,
    responses(UpdatedOccurrence, ChangeOccurrenceError),
)]
pub async fn update_occurrence(
    State(events): State<Events>,
    caller: Caller,
    Path((id, key)): Path<(EventId, String)>,
    Query(OrphanOptions { orphans }): Query<OrphanOptions>,
    if_match: IfMatch,
    Json(body, faults): Json<UpdateOccurrenceRequest>,
) -> Result<UpdatedOccurrence, ChangeOccurrenceError> {
    let key: Key = key.parse()?;
    let parsed = &parse(body, faults)?;
    let orphans = orphans.unwrap_or_default();
    let changed = change_occurrences(&events, &caller, (id, &if_match), |found| match parsed.scope {
        Scope::This => Ok((change_one(found, key, parsed)?, Effect::default())),
        Scope::ThisAndFollowing | Scope::All => change_series(found, (key, orphans), parsed),
    });
    let (changed, effect) = changed.await?;
    let event = &changed.entity;
    // The series can have given the occurrence another date, or no longer give it.
    let moved = match parsed.start {
        FieldChange::Set(start) if parsed.scope != Scope::This => Key::on(start.date()),
        _ => key,
    };
    let next = || {
        let schedule = event.details.schedule.as_ref()?;
        let next = event.next(events.context.clock.now());
        next.or_else(|| schedule.find(schedule.last()?.key, &event.exceptions))
    };
    let shown = view(event, key)
        .or_else(|| view(event, moved))
        .or_else(|| next().map(|next| OccurrenceView::new(event, &next)))
        .ok_or(ChangeOccurrenceError::NotInSeries)?;
    Ok(Versioned(changed.version, Reply(ChangedOccurrenceView::new(shown, effect))))
}

/// A valid body.
struct Parsed {
    start: FieldChange<Local>,
    duration: FieldChange<Length>,
    changes: Vec<(&'static str, Value)>,
    scope: Scope,
    rule: Option<Rule>,
    ends: Option<Ends>,
}

fn parse(body: UpdateOccurrenceRequest, mut faults: Faults) -> Result<Parsed, Faults> {
    let parsed = |fault: Fault| Invalid::from(fault);
    let start = faults.patch("/start", body.start, |text: String| text.parse::<Local>().map_err(parsed));
    let duration =
        faults.patch("/duration", body.duration, |text: String| text.parse::<Length>().map_err(parsed));
    let title = faults.patch("/title", body.title, |text: String| EventTitle::parse(&text));
    let venue = venue_of(&mut faults, body.venue);
    let scope = faults.patch_required("/scope", body.scope, Ok).map(|scope| scope.unwrap_or(Scope::This));
    let rule = faults.patch_required("/rule", body.rule, |text: String| text.parse::<Rule>().map_err(parsed));
    let until = faults.patch("/until", body.until, |text: String| match text.parse::<Local>() {
        Ok(Local::Day(date)) => Ok(date),
        Ok(Local::Time(_)) | Err(_) => Err(Fault::InvalidStart.into()),
    });
    let count = faults.patch_required("/count", body.count, Ok);
    let ends = match (until, count) {
        (Some(FieldChange::Keep), Some(None)) => Some(None),
        (Some(FieldChange::Remove), Some(None)) => Some(Some(Ends::Never)),
        (Some(FieldChange::Set(date)), Some(None)) => Some(Some(Ends::Until(date))),
        (Some(FieldChange::Keep), Some(Some(count))) => Some(Some(Ends::Count(count))),
        (Some(_), Some(Some(_))) => {
            faults.add("/count", Fault::InvalidEnd.into());
            None
        }
        (None, _) | (_, None) => None,
    };
    if let (Some(Scope::This), Some(rule), Some(ends)) = (scope, &rule, &ends)
        && (rule.is_some() || ends.is_some())
    {
        let detail = "A single occurrence has neither rule nor end: choose the scope `this_and_following`.";
        faults.add("/scope", Invalid::new("invalid_scope", detail));
    }
    let value = |field, change: Option<FieldChange<Value>>| match change {
        Some(FieldChange::Set(value)) => Some((field, value)),
        Some(FieldChange::Remove) => Some((field, Value::Null)),
        Some(FieldChange::Keep) | None => None,
    };
    let title = title.map(|change| match change {
        FieldChange::Set(title) => FieldChange::Set(json!(title)),
        FieldChange::Remove => FieldChange::Remove,
        FieldChange::Keep => FieldChange::Keep,
    });
    let venue = venue.map(|change| match change {
        FieldChange::Set(venue) => FieldChange::Set(json!(venue)),
        FieldChange::Remove => FieldChange::Remove,
        FieldChange::Keep => FieldChange::Keep,
    });
    let changes: Vec<_> = [value("title", title), value("venue", venue)].into_iter().flatten().collect();
    let (start, duration, scope, rule, ends) = faults.done((start, duration, scope, rule, ends))?;
    Ok(Parsed { start, duration, changes, scope, rule, ends })
}

fn change_one(found: Found<'_>, key: Key, parsed: &Parsed) -> Result<Outcome, ChangeOccurrenceError> {
    let mut exception = exception(found.event, key)?;
    parsed.start.clone().apply(&mut exception.start);
    parsed.duration.clone().apply(&mut exception.duration);
    for (field, value) in &parsed.changes {
        if value.is_null() {
            exception.changes.remove(*field);
        } else {
            exception.changes.insert((*field).to_owned(), value.clone());
        }
    }
    excepted(found, (key, exception), DomainEvent::EventOccurrenceChanged)
}

fn change_series(
    found: Found<'_>,
    (key, orphans): (Key, Orphans),
    parsed: &Parsed,
) -> Result<(Outcome, Effect), ChangeOccurrenceError> {
    let schedule = found.event.details.schedule.as_ref().filter(|schedule| schedule.has(key));
    let schedule = schedule.ok_or(ChangeOccurrenceError::NotInSeries)?;
    let set = |change: &FieldChange<_>| match change {
        FieldChange::Set(value) => Some(*value),
        FieldChange::Keep | FieldChange::Remove => None,
    };
    let change = PartChange {
        start: set(&parsed.start),
        duration: match parsed.duration {
            FieldChange::Set(length) => Some(length),
            FieldChange::Keep | FieldChange::Remove => None,
        },
        rule: parsed.rule.clone(),
        ends: parsed.ends,
        changes: parsed.changes.iter().map(|(field, value)| ((*field).to_owned(), value.clone())).collect(),
    };
    let revision = match parsed.scope {
        Scope::All => schedule.change_all(&change, instant(found.now))?,
        Scope::This | Scope::ThisAndFollowing => {
            Revision { schedule: schedule.change_from(key, &change)?, split_at: None }
        }
    };
    if revision.schedule == *schedule {
        return Ok((Outcome::Unchanged, Effect::default()));
    }
    let dates = found.event.revised(revision, orphans)?;
    let mut after =
        Event { updated_at: found.now, sequence: found.event.sequence + 1, ..found.event.clone() };
    (after.details.schedule, after.exceptions) = (dates.schedule, dates.exceptions);
    let change = Change { fields: vec!["schedule".to_owned()], occurrence: Some(key.to_string()) };
    let changed = after.changed(Some(found.event), change, found.actor);
    Ok((Outcome::Changed(Box::new(after), vec![DomainEvent::EventUpdated(changed)]), dates.effect))
}
