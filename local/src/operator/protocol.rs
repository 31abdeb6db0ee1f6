//! Commands and outcomes of an operator, and their form between two processes of one
//! machine. It names no implementation: the sender, the page and the operator all
//! depend on it.

use std::fmt;

use serde::{Deserialize, Serialize};
use shared::{id::OrderId, identity::tokens::ROTATION_PAUSE};

use crate::{
    dead_letters, import,
    order_tools::{PastOrder, Reconciliation},
    schema_tools,
};

/// Path of the local page for operator commands, and the header for the token of the
/// data folder.
pub(crate) const PAGE: &str = "operate";
pub(crate) const HEADER: &str = "x-agora-operator";

/// Maximum size of a command: a hundred rows of an import.
pub(crate) const LARGEST_COMMAND: usize = 1024 * 1024;

/// A command.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Grants the account of an address the role of administrator.
    GrantAdministrator {
        /// Email address.
        email: String,
    },
    /// Rotates the signing keys: the next key signs, and another is published.
    RotateKeys,
    /// Creates the seeded accounts of a range of numbers.
    SeedUsers {
        /// First number.
        from: usize,
        /// Count.
        count: usize,
    },
    /// Creates the seeded account that may fill a catalogue.
    SeedShopkeeper,
    /// Creates past orders.
    RecordOrders {
        /// The orders.
        orders: Vec<PastOrder>,
    },
    /// Creates the accounts of some rows of a file.
    ImportUsers {
        /// Rows with their numbers.
        rows: Vec<(usize, import::Row)>,
    },
    /// Lists, shows or redrives dead letters.
    DeadLetters(dead_letters::Command),
    /// Compares every stock with the orders.
    ReconcileStock,
    /// Counts or rewrites stored items.
    Schema(schema_tools::Command),
    /// Rebuilds the index that the search for events answers from.
    RebuildEventSearch,
}

/// Outcome of a command.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The role is granted.
    AdministratorGranted,
    /// The keys are rotated.
    KeysRotated,
    /// Accounts were created.
    Accounts(Tally),
    /// Orders were created.
    Orders {
        /// Counts.
        tally: Tally,
        /// Orders with an item that is not for sale, or not yet.
        not_for_sale: Vec<OrderId>,
    },
    /// Description of dead letters.
    DeadLetters(String),
    /// The stock matches the orders.
    Reconciled(Reconciliation),
    /// Report on stored items.
    Schema(schema_tools::Report),
    /// The index is rebuilt.
    EventSearchRebuilt {
        /// Number of events in it.
        listed: usize,
    },
}

/// Message for the operator.
impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AdministratorGranted => {
                f.write_str("The account is an administrator now. Its sessions have ended: sign in again.")
            }
            Self::KeysRotated => {
                let minutes = ROTATION_PAUSE.as_secs() / 60;
                write!(f, "The signing keys are rotated. The next rotation is possible in {minutes} minutes.")
            }
            Self::Accounts(tally) => {
                write!(f, "{} accounts created, {} existing", tally.made, tally.present)
            }
            Self::Orders { tally, .. } => {
                write!(f, "{} orders created, {} existing", tally.made, tally.present)
            }
            Self::DeadLetters(said) => f.write_str(said),
            Self::Reconciled(report) => report.fmt(f),
            Self::Schema(report) => report.fmt(f),
            Self::EventSearchRebuilt { listed } => {
                write!(f, "The search index has {listed} events. Running searches use it within an hour.")
            }
        }
    }
}

/// Counts of a creation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Created.
    pub made: usize,
    /// Existing before, and left unchanged.
    pub present: usize,
    /// Refused rows of a file: number and reason.
    pub refused: Vec<(usize, String)>,
}

impl Tally {
    /// Sum of two tallies.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.made += other.made;
        self.present += other.present;
        self.refused.extend(other.refused);
        self
    }
}
