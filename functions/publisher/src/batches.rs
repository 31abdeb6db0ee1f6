//! How many events go into one `PutEvents`: ten, and 256 KB.

use shared::bus::outbox::Outgoing;

/// EventBridge's limit of entries a call.
const MAX_ENTRIES: usize = 10;

/// EventBridge's limit of bytes a call, which is also that of one entry.
const MAX_BYTES: usize = 256 * 1024;

/// An event, and the place in the batch of the record that brings it.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) record: usize,
    pub(crate) event: Outgoing,
}

/// What EventBridge counts of an entry: its texts, and 14 bytes for its time,
/// which we do not send.
pub(crate) fn size(event: &Outgoing) -> usize {
    event.source.len() + event.kind.len() + event.detail.len()
}

/// Whether an event is too large for any call.
pub(crate) fn is_too_large(event: &Outgoing) -> bool {
    size(event) > MAX_BYTES
}

/// The entries in calls' worth, in order.
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
