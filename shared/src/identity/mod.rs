//! People's accounts: what `auth` and `users` share, and what every function
//! needs to know who calls. Only these two write what is here.

pub mod accounts;
mod caller;
pub mod export;
pub mod jwks;
pub mod limits;
mod login;
pub mod mail_link;
mod outgoing_mail;
pub mod password;
pub mod permission;
mod revocation;
mod session;
pub mod tokens;
mod user;
mod verifier;

pub use self::{
    caller::{Caller, MaybeCaller, RECENT, RecentCaller},
    export::{ExportJob, ExportPart},
    jwks::Keyring,
    login::{AddressKey, Login},
    outgoing_mail::OutgoingMail,
    permission::{ManageOrders, ManageUsers, Permission, Require},
    revocation::{Revocation, Revocations, Revoked},
    session::{Refresh, Session},
    user::{
        NotificationPreferences, PostalAddress, Preferences, Profile, Role, Status, User, UserCard, UserView,
    },
    verifier::Verifier,
};
use crate::table::units::Operation;

/// What identity asks of the table, whichever group does it.
pub fn operations() -> impl Iterator<Item = &'static Operation> {
    [jwks::OPERATIONS, limits::OPERATIONS, revocation::OPERATIONS, verifier::OPERATIONS].into_iter().flatten()
}
