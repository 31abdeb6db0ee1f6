//! The printed table and the check of the budgets.

use std::{
    fmt::{self, Display, Formatter},
    time::Duration,
};

use crate::subject::{Start, Subject};

/// Maximum milliseconds of a start beyond the hello's.
const READY_OVER_HELLO: f64 = 4.0;

/// Maximum milliseconds of a start.
const READY: f64 = 10.0;

/// Maximum size of a bootstrap, in MB.
const SIZE: f64 = 8.0;

/// Maximum size of its zip, in MB.
const ZIP: f64 = 3.5;

/// The results of all subjects, the first of which is the hello.
pub struct Report {
    rows: Vec<Row>,
    pressure: f64,
}

/// One function's medians; times in milliseconds, sizes in MB.
struct Row {
    name: String,
    starts: usize,
    ready: f64,
    ready_p99: f64,
    cpu: f64,
    calls: f64,
    first: f64,
    tenth: f64,
    /// Peak memory in MiB.
    peak: f64,
    size: f64,
    zip: f64,
}

impl Report {
    /// Makes the report of the subjects; `pressure` is the share of time in which a
    /// task waited for a CPU.
    pub fn of(subjects: &[Subject], pressure: f64) -> Self {
        Self { rows: subjects.iter().map(Row::of).collect(), pressure }
    }
}

impl Row {
    fn of(subject: &Subject) -> Self {
        let median = |value: fn(&Start) -> f64| percentile(50, subject.starts.iter().map(value));
        Self {
            name: subject.bootstrap.name.clone(),
            starts: subject.starts.len(),
            ready: median(|start| milliseconds(start.ready)),
            ready_p99: percentile(99, subject.starts.iter().map(|start| milliseconds(start.ready))),
            cpu: median(|start| milliseconds(start.cpu)),
            calls: median(|start| f64::from(start.calls)),
            first: median(|start| milliseconds(start.requests[0])),
            tenth: median(|start| milliseconds(start.requests[9])),
            peak: median(|start| f64::from(start.peak) / 1024.0),
            size: f64::from(subject.bootstrap.size) / 1e6,
            zip: f64::from(subject.bootstrap.zip) / 1e6,
        }
    }

    /// The budgets that it exceeds.
    fn broken(&self, hello: &Self) -> Vec<String> {
        [
            ("ready", "ms", self.ready, hello.ready + READY_OVER_HELLO),
            ("ready", "ms", self.ready, READY),
            ("bootstrap", "MB", self.size, SIZE),
            ("zip", "MB", self.zip, ZIP),
        ]
        .iter()
        .filter(|(.., found, budget)| found > budget)
        .map(|(what, unit, found, budget)| format!("{what} {found:.2} of {budget:.2} {unit}"))
        .collect()
    }
}

/// The value that `percent` of the values do not exceed.
fn percentile(percent: usize, values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_unstable_by(f64::total_cmp);
    values[(values.len() * percent).div_ceil(100) - 1]
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { rows, pressure } = self;
        let Some(hello) = rows.first() else { return Ok(()) };
        writeln!(
            f,
            "{} starts of each, in turns; medians; something waited for a CPU for {:.0} % of the time",
            hello.starts,
            pressure * 100.0
        )?;
        writeln!(f)?;
        writeln!(
            f,
            "{:<16}{:>23}{:>7}{:>15}{:>17}{:>8}{:>8}{:>7}",
            "", "exec -> ready, ms", "AWS", "over hello", "request, ms", "peak", "size", "zip"
        )?;
        writeln!(
            f,
            "{:<16}{:>8}{:>8}{:>7}{:>7}{:>8}{:>7}{:>9}{:>8}{:>8}{:>8}{:>7}",
            "", "wall", "p99", "CPU", "calls", "ms", "times", "first", "tenth", "MiB", "MB", "MB"
        )?;
        for row in rows {
            writeln!(
                f,
                "{:<16}{:>8.2}{:>8.2}{:>7.2}{:>7}{:>8.2}{:>7.2}{:>9.2}{:>8.2}{:>8.1}{:>8.2}{:>7.2}",
                row.name,
                row.ready,
                row.ready_p99,
                row.cpu,
                row.calls,
                row.ready - hello.ready,
                row.ready / hello.ready,
                row.first,
                row.tenth,
                row.peak,
                row.size,
                row.zip,
            )?;
        }
        writeln!(f)?;
        writeln!(
            f,
            "budgets: ready at most {READY_OVER_HELLO} ms after the hello and {READY} ms; bootstrap {SIZE} MB; zip {ZIP} MB"
        )?;
        for row in &rows[1..] {
            let broken = row.broken(hello);
            let verdict =
                if broken.is_empty() { "holds".to_owned() } else { format!("OVER: {}", broken.join(", ")) };
            writeln!(f, "{:<16}{verdict}", row.name)?;
        }
        Ok(())
    }
}
