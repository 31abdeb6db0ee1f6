//! Description of a dead letter, to find the cause of its failure. Its `request_id` is
//! that of the log lines of its attempts.

use aws_sdk_sqs::types::{Message, MessageSystemAttributeName as Attribute};
use serde_json::Value;
use shared::clock::Timestamp;

/// Description of a letter without personal data.
pub(super) fn letter(letter: &Message) -> String {
    let attribute = |name| letter.attributes().and_then(|attributes| attributes.get(&name));
    let sent = attribute(Attribute::SentTimestamp).and_then(|millis| millis.parse().ok());
    let sent = sent.map(|millis| Timestamp::from_millis(millis).to_string()).unwrap_or_default();
    let received = attribute(Attribute::ApproximateReceiveCount).map_or("?", String::as_str);
    let id = letter.message_id().unwrap_or_default();
    let mut lines = vec![format!("{id}  sent {sent}, received {received} times")];
    // The bus' reason for an event that it could not deliver.
    for (name, value) in letter.message_attributes().into_iter().flatten() {
        lines.push(format!("  {name}: {}", value.string_value().unwrap_or_default()));
    }
    let body = letter.body().unwrap_or_default();
    lines.extend(match serde_json::from_str::<Value>(body) {
        Ok(body) if body["detail"].is_object() => event(&body),
        Ok(body) if body["dynamodb"].is_object() => record(&body["dynamodb"]),
        Ok(_) | Err(_) => vec![format!("  not an event: {} bytes", body.len())],
    });
    lines.join("\n")
}

/// Envelope of an event, and a walk that it continues. Events hold no personal data.
fn event(body: &Value) -> Vec<String> {
    let detail = &body["detail"];
    let text = |name: &str| detail[name].as_str().unwrap_or("-").to_owned();
    let mut lines = vec![
        format!("  {} {}", text("type"), text("id")),
        format!("  request_id {}, traceparent {}", text("request_id"), text("traceparent")),
        format!("  {}", detail["data"]),
    ];
    if let Some(cursor) = body["cursor"].as_str() {
        lines.push(format!("  continuation from cursor {cursor}"));
    }
    lines
}

/// A record of the stream: its key and its outbox. The rest of an item may be personal
/// data.
fn record(change: &Value) -> Vec<String> {
    let text = |value: &Value| value["S"].as_str().unwrap_or("-").to_owned();
    let (key, image) = (&change["Keys"], &change["NewImage"]);
    vec![
        format!("  item {} / {}", text(&key["pk"]), text(&key["sk"])),
        format!("  {}", text(&image[shared::table::item::EVENTS])),
    ]
}
