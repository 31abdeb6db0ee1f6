//! Jobs over items of earlier releases. A password hash is of no concern to them: only
//! the password itself makes another, at the next login.

use super::User;
use crate::evolution::{Evolution, Job};

/// Jobs of identity.
pub const JOBS: &[Job] = &[Job::of::<AccountNames>()];

struct AccountNames;

impl Evolution for AccountNames {
    type Entity = User;
    const NAME: &'static str = "account-names";
    const ABOUT: &'static str = "Names in the list of accounts in lower case, now folded for searches.";
}
