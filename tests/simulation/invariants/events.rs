//! Invariants of events: each committed event is published, and has its effect once.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Aftermath, Faults};

/// The envelopes in an image's outbox.
fn outbox(image: &Value) -> Vec<Value> {
    image["events"].as_str().map(|text| serde_json::from_str(text).unwrap()).unwrap_or_default()
}

fn id(envelope: &Value) -> String {
    envelope["id"].as_str().unwrap().to_owned()
}

/// The committed events, in order.
fn committed(aftermath: &Aftermath<'_>) -> Vec<Value> {
    let stream = aftermath.platform.aws.stream.lock().unwrap();
    let new = stream.changes().flat_map(|(before, after)| {
        let known: Vec<String> = outbox(&before).iter().map(id).collect();
        outbox(&after).into_iter().filter(move |envelope| !known.contains(&id(envelope)))
    });
    new.collect()
}

/// The caller who changes a role or a status is an active administrator at that time:
/// neither a token nor a retry outlives the role.
pub async fn only_administrators_change_roles_and_statuses(aftermath: &Aftermath<'_>) -> Faults {
    let stream = aftermath.platform.aws.stream.lock().unwrap();
    let authority = |image: &Value| (image["card"]["role"].clone(), image["card"]["status"].clone());
    let administrator = (Value::from("ADMIN"), Value::from("active"));
    let mut known: BTreeMap<String, (Value, Value)> = BTreeMap::new();
    let mut faults = Faults::new();
    for (before, after) in stream.changes() {
        let Some(user) = after["pk"].as_str().and_then(|pk| pk.strip_prefix("USER#")) else { continue };
        if after["type"] != "user" {
            known.remove(user);
            continue;
        }
        let is_other = before["type"] == "user" && authority(&before) != authority(&after);
        let writer = outbox(&after).iter().find_map(|envelope| envelope["actor"].as_str().map(str::to_owned));
        if let Some(writer) = writer.filter(|_| is_other)
            && known.get(&writer) != Some(&administrator)
        {
            faults.push(format!("{writer} changed {user} to {:?}", authority(&after)));
        }
        known.insert(user.to_owned(), authority(&after));
    }
    faults
}

pub async fn every_change_is_published_and_nothing_else(aftermath: &Aftermath<'_>) -> Faults {
    let committed: BTreeSet<String> = committed(aftermath).iter().map(id).collect();
    let published: BTreeSet<String> = aftermath.platform.aws.bus.travelled().iter().map(id).collect();
    let lost = committed.difference(&published).map(|id| format!("{id} was not published"));
    let made_up = published.difference(&committed).map(|id| format!("{id} was never committed"));
    lost.chain(made_up).collect()
}

pub async fn an_event_id_is_one_fact(aftermath: &Aftermath<'_>) -> Faults {
    let mut facts: BTreeMap<String, Value> = BTreeMap::new();
    let mut faults = Faults::new();
    let committed = committed(aftermath);
    for envelope in committed.iter().chain(&aftermath.platform.aws.bus.travelled()) {
        let known = facts.entry(id(envelope)).or_insert_with(|| envelope.clone());
        if known != envelope {
            faults.push(format!("{} is {} and {}", id(envelope), known["type"], envelope["type"]));
        }
    }
    faults
}

pub async fn everything_is_handled(aftermath: &Aftermath<'_>) -> Faults {
    let aws = &aftermath.platform.aws;
    let left = (!aws.is_idle()).then(|| "not everything was handled in time".to_owned());
    let dead = aws.queues.dead().into_iter().map(|letter| format!("set aside: {letter}"));
    left.into_iter().chain(dead).collect()
}

/// Types that are always written as new items, and have no events.
const WRITTEN_ANEW: [&str; 10] = [
    "mail",
    "export_part",
    "product_row",
    "tree_snapshot_part",
    "agenda_snapshot_part",
    "buyer",
    "offered_sku",
    "public_profile",
    "organization_row",
    "organization_slug",
];

/// A write increments the version that its writer has read; only the types in
/// [`WRITTEN_ANEW`] start again, and a membership in the place of a former one, which has
/// an id of its own.
pub async fn every_write_counts_one_up(aftermath: &Aftermath<'_>) -> Faults {
    let stream = aftermath.platform.aws.stream.lock().unwrap();
    let version = |image: &Value| image["version"].as_u64();
    let wrong = stream.changes().filter(|(before, after)| match (version(before), version(after)) {
        (Some(before_version), Some(after_version)) => {
            let is_another = before["type"] == "tombstone" && after["type"] == "member";
            let written_anew = is_another || WRITTEN_ANEW.iter().any(|kind| before["type"] == *kind);
            !written_anew && after_version != before_version + 1
        }
        _ => false,
    });
    wrong
        .map(|(before, after)| format!("{}: {} -> {}", after["pk"], before["version"], after["version"]))
        .collect()
}

/// A mail is sent once, except after a crash or a lost answer between the provider's
/// acceptance and the mark.
pub async fn mails_are_sent_once(aftermath: &Aftermath<'_>) -> Faults {
    let aws = &aftermath.platform.aws;
    let sent = aftermath.items("mail").filter(|marker| marker["lease_until"].is_null()).count();
    let mails = aws.cloud.mails().len();
    let doubled = usize::try_from(aws.faults.tally().values().sum::<u64>()).unwrap();
    let right = (sent..=sent + doubled).contains(&mails);
    if right {
        Faults::new()
    } else {
        vec![format!("{mails} mails for {sent} events after {doubled} faults")]
    }
}

/// A claimed mail is sent. A claim stays open only if the recipient no longer existed
/// at the next attempt.
pub async fn claimed_mails_are_sent(aftermath: &Aftermath<'_>) -> Faults {
    let events: BTreeMap<String, Value> =
        committed(aftermath).into_iter().map(|envelope| (id(&envelope), envelope)).collect();
    let open = aftermath.items("mail").filter(|marker| !marker["lease_until"].is_null());
    let wrong = open.filter(|marker| {
        let Some(event) = events.get(marker["event_id"].as_str().unwrap()) else { return false };
        let mut users = aftermath.items("user");
        let Some(user) = users.find(|user| user["id"] == event["data"]["user_id"]) else { return false };
        match event["type"].as_str() {
            Some("user.created") => user["card"]["verified"] == false,
            Some("user.updated") => true,
            _ => false,
        }
    });
    wrong.map(|marker| format!("the mail of {} was claimed and not sent", marker["event_id"])).collect()
}
