//! Table operations of the consumer.

shared::operations! {
    /// Reads the exported account.
    GET_USER = "users.export.get_user": 1 round trip, 1.0 read, 0.0 write;
    /// Reads its sessions: 0.3 KB each.
    LIST_SESSIONS = "users.export.list_sessions": 1 round trip, 1.0 read, 0.0 write;
    /// Writes a part.
    PUT_PART = "users.export.put_part": 1 round trip, 0.0 read, 1.0 write;
    /// Marks the part as complete.
    FINISH = "users.export.finish": 1 round trip, 0.0 read, 1.0 write;
    /// Lists a page of sessions or of exports: 16 KB at most where parts are small.
    LIST_LEFT = "users.erasure.list": 1 round trip, 4.0 read, 0.0 write;
    /// Removes a session, or a part of an export: of under 2 KB.
    REMOVE_LEFT = "users.erasure.remove": 1 round trip, 0.0 read, 2.0 write;
}
