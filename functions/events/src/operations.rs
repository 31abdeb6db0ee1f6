//! Operations on the table, with their budgets.

shared::operations! {
    /// Reads an event: up to 4 KB.
    GET_EVENT = "events.get_event": 1 round trip, 1.0 read, 0.0 write;
    /// Reads the claim on a slug.
    FIND_EVENT = "events.find_event": 1 round trip, 1.0 read, 0.0 write;
    /// Reads the membership of the caller and the status of the organisation.
    GET_STANDING = "events.get_standing": 1 round trip, 2.0 read, 0.0 write;
    /// Reads the status of an organisation.
    GET_ORGANIZATION_STATUS = "events.get_organization_status": 1 round trip, 1.0 read, 0.0 write;
    /// Reads the record of the first request of an idempotency key.
    GET_IDEMPOTENCY_RECORD = "events.get_idempotency_record": 1 round trip, 1.0 read, 0.0 write;
    /// Creates a draft of an organisation: the event with three index rows, the checks of
    /// the account, the member and the organisation, the idempotency record.
    CREATE_EVENT = "events.create_event": 1 round trip, 0.0 read, 17.0 write;
    /// Replaces an event that is handed over: the event, four index rows of which two move,
    /// and the checks of two organisations.
    REPLACE_EVENT = "events.replace_event": 1 round trip, 0.0 read, 17.0 write;
    /// Publishes an event for the first time: as a replacement, with the claim on its slug.
    PUBLISH_EVENT = "events.publish_event": 1 round trip, 0.0 read, 16.0 write;
    /// Deletes an event: a tombstone, four index rows, its slug, and the checks.
    DELETE_EVENT = "events.delete_event": 1 round trip, 0.0 read, 13.0 write;
    /// Lists events of an organizer or of a status.
    LIST_EVENTS = "events.list_events": 1 round trip, 0.5 read, 0.0 write;
    /// Reads the categories.
    GET_CATEGORIES = "events.get_categories": 1 round trip, 1.0 read, 0.0 write;
    /// Replaces the categories.
    PUT_CATEGORIES = "events.put_categories": 1 round trip, 0.0 read, 2.0 write;
    /// Writes a part of an export: an event.
    PUT_EXPORT_PART = "events.put_export_part": 1 round trip, 0.0 read, 2.0 write;
    /// Writes a part of an export: a page of ids.
    PUT_EXPORT_LIST = "events.put_export_list": 1 round trip, 0.0 read, 1.0 write;
    /// Marks the part of an export as complete.
    FINISH_EXPORT = "events.finish_export": 1 round trip, 0.0 read, 1.0 write;
    /// Lists events that are due: one read a shard.
    LIST_DUE_EVENTS = "events.list_due_events": 1 round trip, 0.5 read, 0.0 write;
    /// Appends a change of an event to the agenda: 1 KB, and 0.1 KB for each further date.
    APPEND_TO_AGENDA = "events.append_to_agenda": 1 round trip, 0.0 read, 4.0 write;
    /// Reads the changes of the agenda after the last known one.
    FOLLOW_AGENDA = "events.follow_agenda": 1 round trip, 10.0 read, 0.0 write;
    /// Reads the location of the latest snapshot of the agenda.
    GET_AGENDA_SNAPSHOT = "events.get_agenda_snapshot": 1 round trip, 1.0 read, 0.0 write;
    /// Reads three parts of a snapshot: 0.5 KB an event.
    LIST_AGENDA_SNAPSHOT = "events.list_agenda_snapshot": 1 round trip, 1.0 read, 0.0 write;
    /// Writes a part of a snapshot: 0.5 KB an event.
    PUT_AGENDA_SNAPSHOT_PART = "events.put_agenda_snapshot_part": 1 round trip, 0.0 read, 2.0 write;
    /// Marks a snapshot as the latest.
    PUT_AGENDA_SNAPSHOT = "events.put_agenda_snapshot": 1 round trip, 0.0 read, 1.0 write;
    /// Removes the parts of the previous snapshot, in a transaction, which doubles the price.
    REMOVE_AGENDA_SNAPSHOT = "events.remove_agenda_snapshot": 1 round trip, 0.0 read, 2.0 write;
    /// Removes a change of the agenda that a snapshot includes.
    REMOVE_FROM_AGENDA_LOG = "events.remove_from_agenda_log": 1 round trip, 0.0 read, 4.0 write;
    /// Reads the events of a feed: up to 4 KB each.
    GET_EVENTS = "events.get_events": 1 round trip, 0.5 read, 0.0 write;
    /// Reads the names of organizers.
    GET_ORGANIZERS = "events.get_organizers": 1 round trip, 1.0 read, 0.0 write;
}
