//! Invariants of public happenings.

use std::collections::{BTreeMap, BTreeSet};

use ::events::{
    event::{Event, EventSlugClaim},
    schedule::Range,
};
use serde_json::Value;
use shared::{
    id::{EventId, OrganizationId, UserId},
    identity::User,
    membership::OrganizationCounters,
    organizer::Organizer,
    vocabulary::{EventStatus, EventVisibility, OrganizationStatus},
};

use super::{Aftermath, Faults};
use crate::simulation::{client::Ask, platform::INSTANCES, workload::colleagues::events as series};

fn events(aftermath: &Aftermath<'_>) -> BTreeMap<EventId, Event> {
    aftermath.entities::<Event>("event").into_values().map(|event| (event.id, event)).collect()
}

/// Every published event has claimed its slug, and no other event has it.
pub async fn a_slug_belongs_to_one_event(aftermath: &Aftermath<'_>) -> Faults {
    let events = events(aftermath);
    let claims: BTreeMap<String, EventId> = aftermath
        .entities::<EventSlugClaim>("event_slug")
        .into_values()
        .map(|claim| (claim.slug.to_string(), claim.event_id))
        .collect();
    let mut faults = Faults::new();
    for event in events.values().filter(|event| event.published_at.is_some()) {
        let slug = event.details.slug.as_ref().map(ToString::to_string).unwrap_or_default();
        if claims.get(&slug) != Some(&event.id) {
            faults.push(format!("{} has not claimed {slug:?}", event.id));
        }
    }
    for (slug, id) in claims {
        let holder = events.get(&id).and_then(|event| event.details.slug.as_ref());
        if holder.is_none_or(|held| held.as_str() != slug) {
            faults.push(format!("{slug} is claimed for {id}, which does not have it"));
        }
    }
    faults
}

/// No event has a deleted organizer or creator; those of an ended organisation are over, and
/// those of a blocked one hidden.
pub async fn events_follow_their_organizer(aftermath: &Aftermath<'_>) -> Faults {
    let users: Vec<UserId> = aftermath.entities::<User>("user").into_values().map(|user| user.id).collect();
    let counters = aftermath.entities::<OrganizationCounters>("organization_counters").into_values();
    let organizations: BTreeMap<OrganizationId, _> =
        counters.map(|counters| (counters.organization_id, counters.status)).collect();
    let mut faults = Faults::new();
    for event in events(aftermath).into_values() {
        let id = event.id;
        let lost = |user: &UserId| !users.contains(user);
        if event.created_by.as_ref().is_some_and(lost) || event.organizer.user().as_ref().is_some_and(lost) {
            faults.push(format!("{id} names a deleted account"));
        }
        let Organizer::Organization(organization) = event.organizer else { continue };
        let status = organizations.get(&organization);
        let has_ended = status.is_none_or(|status| *status == OrganizationStatus::Closed);
        let is_over = event.status == EventStatus::Cancelled || event.status == EventStatus::Completed;
        if has_ended && !is_over {
            faults.push(format!("{id} is {} and its organisation has ended", event.status));
        }
        if event.organizer_blocked != status.is_some_and(|status| *status == OrganizationStatus::Blocked) {
            faults.push(format!("{id} is hidden or not, unlike its organisation"));
        }
    }
    faults
}

/// Titles move no date: zone, rule and keys of an event are those of its creation unless it was
/// rescheduled, and its one part unless some dates got other hours. A changed date is one that
/// the schedule gives.
pub async fn a_title_moves_no_date(aftermath: &Aftermath<'_>) -> Faults {
    let ledger = aftermath.platform.ledger();
    let is_in = |set: &BTreeSet<String>, event: &Event| set.contains(&event.id.to_string());
    let mut faults = Faults::new();
    for event in events(aftermath).into_values() {
        let id = event.id;
        let Some(schedule) = &event.details.schedule else {
            faults.push(format!("{id} has no schedule"));
            continue;
        };
        let orphans = schedule.not_given(event.exceptions.keys().copied());
        if !orphans.is_empty() {
            faults.push(format!("{id} has changes of other dates: {orphans:?}"));
        }
        if is_in(&ledger.organizations.rescheduled, &event) {
            continue;
        }
        let mut is_same = schedule.time_zone.to_string() == series::ZONE && keys(&event) == series::keys();
        is_same &= schedule.parts.iter().all(|part| part.rule == series::RULE.parse().ok());
        if !is_in(&ledger.organizations.split, &event) {
            let [part] = &schedule.parts[..] else {
                faults.push(format!("{id} has {} parts", schedule.parts.len()));
                continue;
            };
            is_same &= part.start.to_string() == series::START && part.count == Some(series::DATES);
            is_same &= part.duration.to_string() == series::DURATION;
        }
        if !is_same {
            faults.push(format!("{id} has other dates: {schedule:?}"));
        }
    }
    faults
}

/// Keys of the dates of an event within the year of the series.
fn keys(event: &Event) -> Vec<String> {
    let at = |text: &str| text.parse::<jiff::Timestamp>().unwrap();
    let year = Range::new(at("2026-01-01T00:00:00Z"), at("2027-01-01T00:00:00Z")).unwrap();
    let schedule = event.details.schedule.iter();
    let found = schedule.flat_map(|schedule| schedule.occurrences(year, &event.exceptions).dates);
    found.map(|date| date.key.to_string()).collect()
}

/// Every instance of the search finds the listed events of the table with their titles, and
/// no other: nothing that is private, unlisted, blocked or a draft.
pub async fn the_search_finds_what_is_listed(aftermath: &Aftermath<'_>) -> Faults {
    let now = aftermath.platform.clock.now();
    let listed = events(aftermath).into_values().filter(|event| {
        let is_listed = event.details.visibility == EventVisibility::Listed;
        is_listed && event.is_public() && event.status != EventStatus::Completed && event.next(now).is_some()
    });
    let expected: BTreeSet<(String, String)> =
        listed.map(|event| (event.id.to_string(), event.details.title.to_string())).collect();
    let mut faults = Faults::new();
    for number in 0..INSTANCES {
        let query = "limit=100&status=published,rescheduled,postponed,cancelled";
        let ask = Ask::get(format!("/api/v1/events?{query}"));
        let answer = ask.ask(aftermath.platform, number, None).await.unwrap();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let found = answer.body["data"].as_array().into_iter().flatten();
        let found: BTreeSet<_> = found.map(|event| (text(&event["id"]), text(&event["title"]))).collect();
        if found != expected {
            faults.push(format!("instance {number} finds {found:?}, not {expected:?}"));
        }
    }
    faults
}
