//! The canonical lines of a test's functions: what they cost, and that they
//! stay within the budgets of the store operations.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use local::functions::FUNCTIONS;
use shared::{
    table::units::Operation,
    telemetry::{Consumption, Line, Log},
};

/// Every store operation of every group.
pub fn operations() -> impl Iterator<Item = &'static Operation> {
    shared::identity::operations().chain(FUNCTIONS.iter().flat_map(|declared| declared.operations))
}

/// Lines logged so far.
#[derive(Clone, Default)]
pub struct Lines {
    lines: Arc<Mutex<Vec<Line>>>,
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

    /// The lines that say that we are wrong.
    pub fn errors(&self) -> Vec<Line> {
        self.lines.lock().unwrap().iter().filter(|line| line.level == "error").cloned().collect()
    }

    /// All lines as `CloudWatch` would get them.
    pub fn text(&self) -> String {
        serde_json::to_string(&*self.lines.lock().unwrap()).unwrap()
    }

    /// Consumption of each operation in each of its lines.
    pub fn measured(&self) -> BTreeMap<&'static str, Vec<Consumption>> {
        let mut measured: BTreeMap<&'static str, Vec<Consumption>> = BTreeMap::new();
        for line in &*self.lines.lock().unwrap() {
            for (operation, consumption) in &line.operations {
                measured.entry(operation).or_default().push(*consumption);
            }
        }
        measured
    }

    /// Fails where an operation is not declared or exceeded its budget, but for the
    /// `exempt`.
    pub fn check_budgets(&self, exempt: &[&str]) {
        for (name, measured) in self.measured().into_iter().filter(|(name, _)| !exempt.contains(name)) {
            let operation = operations().find(|operation| operation.name == name);
            let budget = operation.unwrap_or_else(|| panic!("{name} is in no list of operations")).budget;
            for Consumption { uses, units } in measured {
                let within = units.round_trips <= budget.round_trips * uses
                    && units.read <= budget.read * f64::from(uses)
                    && units.write <= budget.write * f64::from(uses);
                assert!(within, "{name} took {units:?} in {uses} uses of {budget:?}");
            }
        }
    }
}
