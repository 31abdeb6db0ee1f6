//! Table operations of the group, with their costs.

shared::operations! {
    /// Reads an account.
    GET_USER = "users.get_user": 1 round trip, 1.0 read, 0.0 write;
    /// Reads the login of an address, to find its account.
    GET_LOGIN = "users.get_login": 1 round trip, 1.0 read, 0.0 write;
    /// Lists accounts by creation time: one partition of up to four, which are read at
    /// the same time.
    LIST_USERS = "users.list_users": 1 round trip, 0.5 read, 0.0 write;
    /// Finds accounts by a prefix of the address or the name.
    FIND_USERS = "users.find_users": 1 round trip, 0.5 read, 0.0 write;
    /// Creates an account: login, user with its three index rows, public profile, the
    /// idempotency record; and counts an administrator.
    CREATE_USER = "users.create_user": 1 round trip, 0.0 read, 15.0 write;
    /// Reads an idempotency record.
    GET_IDEMPOTENCY_RECORD = "users.get_idempotency_record": 1 round trip, 1.0 read, 0.0 write;
    /// Replaces an account, of up to 2 KB; if its name has changed, in a transaction with
    /// its public profile, and with its three index rows, one of them under another key.
    REPLACE_USER = "users.replace_user": 1 round trip, 0.0 read, 10.0 write;
    /// Replaces an account whose role or status changes, and ends its sessions: a row
    /// of the lists moves, and administrators are counted.
    REPLACE_USER_AND_SESSIONS = "users.replace_user_and_sessions": 1 round trip, 0.0 read, 12.0 write;
    /// Deletes an account: a tombstone, its three list rows, its login, its public
    /// profile, a last email, the end of its sessions, one administrator less.
    DELETE_USER = "users.delete_user": 1 round trip, 0.0 read, 17.0 write;
    /// Requests every group's part of an export, and checks the account.
    REQUEST_EXPORT = "users.request_export": 1 round trip, 0.0 read, 4.0 write;
    /// Reads an export's job.
    GET_EXPORT = "users.get_export": 1 round trip, 1.0 read, 0.0 write;
    /// Reads the parts of an export.
    LIST_EXPORT = "users.list_export": 1 round trip, 1.0 read, 0.0 write;
    /// Reads the exported account.
    GET_EXPORTED_USER = "users.export.get_user": 1 round trip, 1.0 read, 0.0 write;
    /// Reads its sessions: 0.3 KB each.
    LIST_SESSIONS = "users.export.list_sessions": 1 round trip, 1.0 read, 0.0 write;
    /// Writes a part.
    PUT_EXPORT_PART = "users.export.put_part": 1 round trip, 0.0 read, 1.0 write;
    /// Marks the part as complete.
    FINISH_EXPORT = "users.export.finish": 1 round trip, 0.0 read, 1.0 write;
    /// Lists a page of sessions or of exports: 16 KB at most where parts are small.
    LIST_LEFT = "users.erasure.list": 1 round trip, 4.0 read, 0.0 write;
    /// Removes a session, or a part of an export: of under 2 KB.
    REMOVE_LEFT = "users.erasure.remove": 1 round trip, 0.0 read, 2.0 write;
}
