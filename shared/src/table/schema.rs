//! Every key of the one table, on one screen: what it looks like, which groups
//! write it and which read it. IAM's leading keys in `template.yaml` are these
//! prefixes; a test holds the two equal.
//!
//! No list is offered yet, so no index is used; `gsi1..gsi4` stand ready in the
//! template. A list's allowed filters and sorts, and the index that serves each,
//! come into a table here.

use crate::id::{SessionId, UserId};

/// An item's primary key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Partition key.
    pub pk: String,
    /// Sort key.
    pub sk: String,
}

/// One row of the schema.
#[derive(Debug)]
pub struct KeyTemplate {
    /// The constructor in this module.
    pub name: &'static str,
    /// The partition key's template.
    pub pk: &'static str,
    /// The functions, by their bins, that write such items.
    pub written_by: &'static [&'static str],
    /// The functions that read such items.
    pub read_by: &'static [&'static str],
}

impl KeyTemplate {
    /// The pattern that IAM's `dynamodb:LeadingKeys` knows these keys by.
    pub fn leading_key(&self) -> String {
        match self.pk.split_once('{') {
            Some((prefix, _)) => format!("{prefix}*"),
            None => self.pk.to_owned(),
        }
    }
}

macro_rules! schema {
    ($($(#[$doc:meta])+ $name:ident($($argument:ident: $type:ty),*): $pk:literal / $sk:literal, written by $written:tt, read by $read:tt;)+) => {
        $(
            $(#[$doc])+
            pub fn $name($($argument: $type),*) -> Key {
                Key { pk: format!($pk), sk: format!($sk) }
            }
        )+

        /// Every row above.
        pub const SCHEMA: &[KeyTemplate] = &[$(KeyTemplate {
            name: stringify!($name),
            pk: $pk,
            written_by: &$written,
            read_by: &$read,
        }),+];
    };
}

schema! {
    /// An account. Its data may be personal; nothing else of identity is.
    user(id: UserId): "USER#{id}" / "USER",
        written by ["auth-api"], read by ["auth-api", "notifications"];

    /// What an address logs in with. The key is an HMAC of the address, so the
    /// table's keys, streams and metrics do not show who has an account.
    login(address_mac: &str): "LOGIN#{address_mac}" / "LOGIN",
        written by ["auth-api"], read by [];

    /// A signed-in device. All of a user's sessions are one partition.
    session(user: UserId, id: SessionId): "SESSION#{user}" / "{id}",
        written by ["auth-api"], read by [];

    /// The public keys that access tokens are verified with.
    jwks(): "JWKS" / "JWKS",
        written by ["auth-api"], read by ["auth-api"];

    /// That the mail for an event has been claimed or sent.
    mail(event_id: &str): "MAIL#{event_id}" / "MAIL",
        written by ["notifications"], read by [];
}
