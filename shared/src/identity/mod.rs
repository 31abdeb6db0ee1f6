//! People's accounts: what `auth` and `users` share, and what every function
//! needs to know who calls. Only these two write what is here.

mod caller;
pub mod jwks;
mod login;
pub mod mail_link;
pub mod password;
mod session;
pub mod tokens;
mod user;

pub use self::{
    caller::{Caller, MaybeCaller},
    jwks::Keyring,
    login::{Login, LoginKey},
    session::Session,
    user::{Preferences, Role, Status, User, UserView},
};
