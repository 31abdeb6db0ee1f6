//! Doctor: what is missing for production, each finding with the command that mends it.
//! A check that could not be made is reported as not made.

mod machine;
mod stage;

use std::fmt;

pub use self::{machine::examine_machine, stage::examine_stage};

/// Result of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Nothing is missing.
    Fine,
    /// Missing.
    Missing,
    /// The check could not be made, for this reason.
    NotChecked(String),
}

/// A check with its result.
#[derive(Debug, Clone)]
pub struct Finding {
    /// Subject: `point-in-time recovery`.
    pub subject: &'static str,
    /// Result.
    pub state: State,
    /// Command or change that mends it, or shows it if it could not be checked.
    pub remedy: String,
}

impl Finding {
    fn new(subject: &'static str, state: State, remedy: impl Into<String>) -> Self {
        Self { subject, state, remedy: remedy.into() }
    }

    /// The finding of a call: fine if `holds`, not checked if the call failed.
    fn of<T>(
        subject: &'static str,
        called: Result<T, impl fmt::Display>,
        holds: impl FnOnce(T) -> bool,
        remedy: impl Into<String>,
    ) -> Self {
        let state = match called.map(holds) {
            Ok(true) => State::Fine,
            Ok(false) => State::Missing,
            Err(reason) => State::NotChecked(reason.to_string()),
        };
        Self::new(subject, state, remedy)
    }
}

/// All checks of a machine or a stage.
#[derive(Debug, Clone)]
pub struct Findings(pub Vec<Finding>);

impl Findings {
    /// True if something is missing.
    pub fn are_missing(&self) -> bool {
        self.0.iter().any(|finding| finding.state == State::Missing)
    }
}

/// Message for the operator: a line a check, and its remedy below unless all is fine.
impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, Finding { subject, state, remedy }) in self.0.iter().enumerate() {
            if at > 0 {
                f.write_str("\n")?;
            }
            match state {
                State::Fine => write!(f, "fine         {subject}")?,
                State::Missing => write!(f, "missing      {subject}\n             {remedy}")?,
                State::NotChecked(reason) => {
                    write!(f, "not checked  {subject}: {reason}\n             {remedy}")?;
                }
            }
        }
        Ok(())
    }
}
