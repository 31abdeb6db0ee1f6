//! What an operator asks for and is told, and how it travels between two processes
//! of one machine. Names nothing that does it: who asks, who passes on and who
//! answers all stand on this.

use std::fmt;

use serde::{Deserialize, Serialize};
use shared::{id::OrderId, identity::tokens::ROTATION_PAUSE};

use crate::{
    dead_letters, import,
    order_tools::{PastOrder, Reconciliation},
};

/// Where the local page is that takes an operator's commands, and the header in which
/// it wants the token of the data folder.
pub(crate) const PAGE: &str = "operate";
pub(crate) const HEADER: &str = "x-agora-operator";

/// The most that a command may be long: a hundred rows of an import.
pub(crate) const LARGEST_COMMAND: usize = 1024 * 1024;

/// What is asked for.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Makes the account of an address an administrator's.
    GrantAdministrator {
        /// The address.
        email: String,
    },
    /// Lets the next key sign access tokens, and publishes another.
    RotateKeys,
    /// Makes the seeded accounts of some numbers.
    SeedUsers {
        /// The first.
        from: usize,
        /// How many.
        count: usize,
    },
    /// Makes the seeded account that may fill a catalogue.
    SeedShopkeeper,
    /// Makes orders of the past.
    RecordOrders {
        /// The orders.
        orders: Vec<PastOrder>,
    },
    /// Makes the accounts of some rows of a file.
    ImportUsers {
        /// The rows, with their places in the file.
        rows: Vec<(usize, import::Row)>,
    },
    /// Looks at dead letters, or sends them back.
    DeadLetters(dead_letters::Command),
    /// Compares every stock with the orders.
    ReconcileStock,
}

/// What came of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The account is an administrator's.
    AdministratorGranted,
    /// The next key signs.
    KeysRotated,
    /// Accounts were made.
    Accounts(Tally),
    /// Orders were made.
    Orders {
        /// How many.
        tally: Tally,
        /// Of which something is not for sale, or not yet.
        not_for_sale: Vec<OrderId>,
    },
    /// What is to be said of dead letters.
    DeadLetters(String),
    /// The stock is what the orders say.
    Reconciled(Reconciliation),
}

/// For who has asked.
impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AdministratorGranted => {
                f.write_str("This account is an administrator's now. It has to log in anew.")
            }
            Self::KeysRotated => {
                let minutes = ROTATION_PAUSE.as_secs() / 60;
                write!(f, "The keys are rotated. They can be rotated again in {minutes} minutes.")
            }
            Self::Accounts(tally) => {
                write!(f, "{} accounts made, {} there already", tally.made, tally.present)
            }
            Self::Orders { tally, .. } => {
                write!(f, "{} orders made, {} there already", tally.made, tally.present)
            }
            Self::DeadLetters(said) => f.write_str(said),
            Self::Reconciled(report) => report.fmt(f),
        }
    }
}

/// What has become of a number of things that were to be made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// How many were made.
    pub made: usize,
    /// How many were there already; those are left as they are.
    pub present: usize,
    /// Rows of a file that are wrong: where each stands, and why.
    pub refused: Vec<(usize, String)>,
}

impl Tally {
    /// The two together.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.made += other.made;
        self.present += other.present;
        self.refused.extend(other.refused);
        self
    }
}
