//! Accounts: the parts that `auth` and `users` share, and those that every function
//! needs to identify its callers. Only these two groups write identity's items.

pub mod accounts;
mod address;
mod authority;
mod caller;
mod evolution;
pub mod export;
pub mod jwks;
pub mod limits;
mod login;
pub mod mail_link;
mod outgoing_mail;
pub mod password;
pub mod permission;
mod public_profile;
mod revocation;
mod session;
pub mod tokens;
mod user;
mod verifier;

pub use self::{
    authority::{Authority, needs_authority},
    caller::{Caller, MaybeCaller, Recent, RecentCaller},
    evolution::JOBS,
    export::{ExportJob, ExportPart},
    jwks::Keyring,
    login::{AddressKey, Login},
    outgoing_mail::OutgoingMail,
    permission::{ManageOrders, ManageUsers, Permission, Require},
    public_profile::PublicProfile,
    revocation::{Revocation, Revocations, Revoked},
    session::{Refresh, Session},
    user::{NotificationPreferences, PostalAddress, Preferences, Profile, User, UserCard, UserView},
    verifier::Verifier,
};
use crate::table::{item::Reader, units::Operation};

/// Entities of identity.
pub const ENTITIES: &[Reader] = &[
    Reader::of::<User>(),
    Reader::of::<Login>(),
    Reader::of::<Session>(),
    Reader::of::<Revocation>(),
    Reader::of::<jwks::Jwks>(),
    Reader::of::<ExportJob>(),
    Reader::of::<ExportPart>(),
    Reader::of::<OutgoingMail>(),
    Reader::of::<PublicProfile>(),
    accounts::ADMINISTRATORS,
    limits::MOMENTS,
    limits::FAILURES,
    password::IMPORTED_HASHES,
];

/// Identity's table operations, for every group that uses them.
pub fn operations() -> impl Iterator<Item = &'static Operation> {
    [
        export::OPERATIONS,
        jwks::OPERATIONS,
        limits::OPERATIONS,
        limits::ATTEMPTS,
        password::OPERATIONS,
        revocation::OPERATIONS,
        verifier::OPERATIONS,
    ]
    .into_iter()
    .flatten()
}
