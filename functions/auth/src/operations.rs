//! Table operations of the group, with their costs.

shared::operations! {
    /// Creates an account: login, user with its three index rows, public profile, session
    /// and the two counts of its confirmation email in one transaction.
    REGISTER = "auth.register": 1 round trip, 0.0 read, 15.0 write;
    /// Reads an account.
    GET_USER = "auth.get_user": 1 round trip, 1.0 read, 0.0 write;
    /// Reads the login of an address.
    GET_LOGIN = "auth.get_login": 1 round trip, 1.0 read, 0.0 write;
    /// Signs a device in: the session, and a check of its account, in one transaction.
    CREATE_SESSION = "auth.create_session": 1 round trip, 0.0 read, 4.0 write;
    /// Replaces a login: a network to remember, or a hash of another cost.
    REPLACE_LOGIN = "auth.replace_login": 1 round trip, 0.0 read, 1.0 write;
    /// Replaces a login, and writes the public profile of an account of an earlier release:
    /// login, profile, and a check of the account.
    ADD_PUBLIC_PROFILE = "auth.add_public_profile": 1 round trip, 0.0 read, 6.0 write;
    /// Replaces the newest refresh token with the next one.
    ROTATE_SESSION = "auth.rotate_session": 1 round trip, 0.0 read, 1.0 write;
    /// Records a password check in the session.
    AUTHENTICATE_SESSION = "auth.authenticate_session": 1 round trip, 0.0 read, 1.0 write;
    /// Ends a session: replaces it with a tombstone and adds its revocation.
    REVOKE_SESSION = "auth.revoke_session": 1 round trip, 0.0 read, 4.0 write;
    /// Reads a session before it is ended.
    GET_SESSION = "auth.get_session": 1 round trip, 1.0 read, 0.0 write;
    /// Reads the sessions of an account: 0.3 KB each, 100 at most.
    LIST_SESSIONS = "auth.list_sessions": 1 round trip, 1.0 read, 0.0 write;
    /// Ends every session of an account.
    REVOKE_SESSIONS = "auth.revoke_sessions": 1 round trip, 0.0 read, 4.0 write;
    /// Changes an account's address: another login, the account with its index rows,
    /// one of them under another key, its public profile, and the former address, which is
    /// notified.
    CHANGE_EMAIL = "auth.change_email": 1 round trip, 0.0 read, 18.0 write;
    /// Confirms an address, or changes a password; other sessions end.
    CHANGE_PASSWORD = "auth.change_password": 1 round trip, 0.0 read, 13.0 write;
}
