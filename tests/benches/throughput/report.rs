//! The table: medians, and their ratios to each baseline.

use std::{collections::BTreeMap, fmt};

use super::subject::{HELLO, KINDS};

/// Result of one turn.
#[derive(Debug, Clone, Copy)]
pub struct Measured {
    /// Requests a second.
    pub rate: f64,
    /// Microseconds of CPU a request.
    pub cpu: f64,
}

/// All turns, by kind and subject, in order.
#[derive(Debug, Default)]
pub struct Report {
    subjects: Vec<String>,
    turns: BTreeMap<(&'static str, String), Vec<Measured>>,
}

impl Report {
    /// Adds a turn.
    pub fn add(&mut self, kind: &'static str, subject: &str, measured: Measured) {
        if kind != HELLO && !self.subjects.iter().any(|name| name == subject) {
            self.subjects.push(subject.to_owned());
        }
        self.turns.entry((kind, subject.to_owned())).or_default().push(measured);
    }

    fn medians(&self, kind: &'static str, subject: &str) -> Option<Measured> {
        let turns = self.turns.get(&(kind, subject.to_owned()))?;
        let median = |of: fn(&Measured) -> f64| {
            let mut values: Vec<f64> = turns.iter().map(of).collect();
            values.sort_by(f64::total_cmp);
            values[values.len() / 2]
        };
        Some(Measured { rate: median(|turn| turn.rate), cpu: median(|turn| turn.cpu) })
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "| request | platform | requests a second | CPU µs a request | times the rate | of the CPU |"
        )?;
        writeln!(f, "|---|---|---|---|---|---|")?;
        for kind in KINDS {
            let ours = self.medians(kind, &self.subjects[0]);
            for subject in self.subjects.iter().map(String::as_str).chain([HELLO]) {
                let Some(Measured { rate, cpu }) = self.medians(kind, subject) else { continue };
                write!(f, "| {kind} | {subject} | {rate:.0} | {cpu:.0} |")?;
                match ours.filter(|_| subject != self.subjects[0]) {
                    Some(ours) => writeln!(f, " {:.2} | {:.2} |", ours.rate / rate, ours.cpu / cpu)?,
                    None => writeln!(f, " | |")?,
                }
            }
        }
        Ok(())
    }
}
