//! The canonical lines of a test's functions: what they cost, and that they
//! stay within the budgets of the store operations.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use shared::{
    table::units::{Operation, Units},
    telemetry::{Line, Log},
};

/// Every store operation of every group.
pub fn operations() -> impl Iterator<Item = &'static Operation> {
    shared::identity::operations().chain([auth::OPERATIONS, notifications::OPERATIONS].into_iter().flatten())
}

/// What has been logged so far.
#[derive(Clone, Default)]
pub struct Lines {
    lines: Arc<Mutex<Vec<Line>>>,
    tokens: Arc<Mutex<Vec<String>>>,
}

impl Lines {
    /// A log that is kept here.
    pub fn log(&self) -> Log {
        let lines = Arc::clone(&self.lines);
        Log::from_fn(move |line| lines.lock().unwrap().push(line.clone()))
    }

    /// The lines of `function`, oldest first.
    pub fn of(&self, function: &str) -> Vec<Line> {
        self.lines.lock().unwrap().iter().filter(|line| line.function == function).cloned().collect()
    }

    /// All lines as `CloudWatch` would get them.
    pub fn text(&self) -> String {
        serde_json::to_string(&*self.lines.lock().unwrap()).unwrap()
    }

    /// Remembers a token, which must not be logged from now on.
    pub fn keep_secret(&self, token: &str) {
        self.tokens.lock().unwrap().push(token.to_owned());
    }

    /// The tokens to keep secret.
    pub fn tokens(&self) -> Vec<String> {
        self.tokens.lock().unwrap().clone()
    }

    /// What each operation consumed in each line that it stands in.
    pub fn measured(&self) -> BTreeMap<&'static str, Vec<Units>> {
        let mut measured: BTreeMap<&'static str, Vec<Units>> = BTreeMap::new();
        for line in &*self.lines.lock().unwrap() {
            for (operation, units) in &line.operations {
                measured.entry(operation).or_default().push(*units);
            }
        }
        measured
    }

    /// Fails where an operation is not declared or exceeded its budget.
    pub fn check_budgets(&self) {
        for (name, measured) in self.measured() {
            let operation = operations().find(|operation| operation.name == name);
            let budget = operation.unwrap_or_else(|| panic!("{name} is in no list of operations")).budget;
            for units in measured {
                let within = units.round_trips <= budget.round_trips
                    && units.read <= budget.read
                    && units.write <= budget.write;
                assert!(within, "{name} took {units:?} of {budget:?}");
            }
        }
    }
}
