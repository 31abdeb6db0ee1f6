//! Batching of events: a `PutEvents` call takes ten entries and 256 KB.

use shared::bus::outbox::Outgoing;

/// EventBridge's limit of entries a call.
const MAX_ENTRIES: usize = 10;

/// EventBridge's limit of bytes a call, which is also that of one entry.
const MAX_BYTES: usize = 256 * 1024;

/// An event, and the position in the batch of its record.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) record: usize,
    pub(crate) event: Outgoing,
}

/// Size of an entry as EventBridge counts it: its texts, and 14 bytes for a time, which
/// is not sent here.
pub(crate) fn size(event: &Outgoing) -> usize {
    event.source.len() + event.kind.len() + event.detail.len()
}

/// True if an event is too large for any call.
pub(crate) fn is_too_large(event: &Outgoing) -> bool {
    size(event) > MAX_BYTES
}

/// The entries in chunks of one call, in order.
pub(crate) fn split(entries: Vec<Entry>) -> Vec<Vec<Entry>> {
    let mut batches: Vec<Vec<Entry>> = Vec::new();
    let mut bytes = 0;
    for entry in entries {
        let entry_bytes = size(&entry.event);
        match batches.last_mut() {
            Some(batch) if batch.len() < MAX_ENTRIES && bytes + entry_bytes <= MAX_BYTES => {
                bytes += entry_bytes;
                batch.push(entry);
            }
            _ => {
                bytes = entry_bytes;
                batches.push(vec![entry]);
            }
        }
    }
    batches
}
