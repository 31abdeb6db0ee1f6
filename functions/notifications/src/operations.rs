//! Table operations of the group, with their costs.

shared::operations! {
    /// Reads the account of the recipient.
    GET_USER = "notifications.get_user": 1 round trip, 1.0 read, 0.0 write;
    /// Reads the login of an address, to find its account.
    GET_LOGIN = "notifications.get_login": 1 round trip, 1.0 read, 0.0 write;
    /// Reads the address of a deleted account, or a former address.
    GET_OUTGOING_MAIL = "notifications.get_outgoing_mail": 1 round trip, 1.0 read, 0.0 write;
    /// Removes the address of a deleted account, or a former address.
    REMOVE_OUTGOING_MAIL = "notifications.remove_outgoing_mail": 1 round trip, 0.0 read, 1.0 write;
    /// Reads an invitation to an organisation.
    GET_INVITATION = "notifications.get_invitation": 1 round trip, 1.0 read, 0.0 write;
    /// Reads an event that members are notified of.
    GET_EVENT = "notifications.get_event": 1 round trip, 1.0 read, 0.0 write;
    /// Lists a page of the members of an organisation.
    LIST_MEMBERS = "notifications.list_members": 1 round trip, 1.0 read, 0.0 write;
    /// Claims the email of an event.
    CLAIM_MAIL = "notifications.claim_mail": 1 round trip, 0.0 read, 1.0 write;
    /// Marks the email of an event as sent.
    MARK_SENT = "notifications.mark_sent": 1 round trip, 0.0 read, 1.0 write;
}
