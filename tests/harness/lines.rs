//! The canonical lines of a test's functions: their costs, checked against the
//! budgets of the store operations.

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

/// The lines logged so far.
#[derive(Clone, Default)]
pub struct Lines {
    lines: Arc<Mutex<Vec<Line>>>,
}

impl Lines {
    /// Makes a log that collects its lines here.
    pub fn log(&self) -> Log {
        let lines = Arc::clone(&self.lines);
        Log::from_fn(move |line| lines.lock().unwrap().push(line.clone()))
    }

    /// Lines of `function`, oldest first.
    pub fn of(&self, function: &str) -> Vec<Line> {
        self.lines.lock().unwrap().iter().filter(|line| line.function == function).cloned().collect()
    }

    /// Lines of level `error`.
    pub fn errors(&self) -> Vec<Line> {
        self.lines.lock().unwrap().iter().filter(|line| line.level == "error").cloned().collect()
    }

    /// All lines as JSON, as in `CloudWatch`.
    pub fn text(&self) -> String {
        serde_json::to_string(&*self.lines.lock().unwrap()).unwrap()
    }

    /// Consumption of each operation, by line.
    pub fn measured(&self) -> BTreeMap<&'static str, Vec<Consumption>> {
        let mut measured: BTreeMap<&'static str, Vec<Consumption>> = BTreeMap::new();
        for line in &*self.lines.lock().unwrap() {
            for (operation, consumption) in &line.operations {
                measured.entry(operation).or_default().push(*consumption);
            }
        }
        measured
    }

    /// Fails if an operation is not declared or exceeds its budget, except for the
    /// `exempt` ones.
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
