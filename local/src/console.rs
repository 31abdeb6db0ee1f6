//! Terminal output: messages on standard output; on standard error a short line for
//! each request and message of a queue, and warnings.

use std::{
    error::Error,
    io::{self, IsTerminal as _, Write as _},
    process::ExitCode,
};

use indicatif::{ProgressBar, ProgressStyle};
use local::logs::Logs;
use shared::telemetry::{Line, Log};
use tracing::level_filters::LevelFilter;

/// Prints a message. A closed terminal is ignored.
pub(crate) fn say(text: &str) {
    let _ = writeln!(io::stdout(), "{text}");
}

/// Prints the cause of a failed command.
pub(crate) fn fail(error: &dyn Error) -> ExitCode {
    let _ = writeln!(io::stderr(), "error: {error}");
    ExitCode::FAILURE
}

/// Progress of a command, on standard error: a bar, or without a terminal a line each
/// tenth.
pub(crate) struct Progress(ProgressBar);

impl Progress {
    /// Progress at the beginning of so many steps.
    pub(crate) fn of(steps: usize) -> Self {
        let style = ProgressStyle::with_template("{wide_bar} {human_pos} of {human_len}, {eta} to go");
        let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
        Self(ProgressBar::new(steps as u64).with_style(style))
    }

    /// Adds so many steps.
    pub(crate) fn add(&self, steps: usize) {
        let Self(bar) = self;
        let before = bar.position();
        bar.inc(steps as u64);
        let (now, all) = (bar.position(), bar.length().unwrap_or_default());
        if bar.is_hidden() && before * 10 / all.max(1) < now * 10 / all.max(1) {
            let _ = writeln!(io::stderr(), "{now} of {all}");
        }
    }

    /// Ends the progress.
    pub(crate) fn end(self) {
        self.0.finish_and_clear();
    }
}

/// Activity of a command of unknown length, on standard error, if that is a terminal.
pub(crate) struct Activity(ProgressBar);

impl Activity {
    /// An activity without a message.
    pub(crate) fn new() -> Self {
        Self(ProgressBar::new_spinner())
    }

    /// Replaces the message.
    pub(crate) fn show(&self, text: String) {
        let Self(spinner) = self;
        spinner.set_message(text);
        spinner.tick();
    }

    /// Ends the activity.
    pub(crate) fn end(self) {
        self.0.finish_and_clear();
    }
}

/// Shows warnings from now on.
pub(crate) fn install_diagnostics() {
    tracing_subscriber::fmt()
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        .with_max_level(LevelFilter::WARN)
        .without_time()
        .init();
}

/// Log of the functions' canonical lines, shortened; in `files`, as they are.
pub(crate) fn log(files: Option<Logs>) -> Log {
    Log::from_fn(move |line| {
        if let Some(files) = &files {
            files.append(line);
        }
        // One write for a line: standard error has no buffer.
        let _ = io::stderr().write_all(short(line).as_bytes());
    })
}

fn short(line: &Line) -> String {
    // The time of day is enough on the same day.
    let time = line.time.to_string();
    let time = time.get(11..19).unwrap_or_default();
    let code = line.code.map(|code| format!(" {code}")).unwrap_or_default();
    let cause = line.cause.as_ref().map(|cause| format!("\n         {cause}")).unwrap_or_default();
    format!(
        "{time} {:13} {} {}{code} {:.0} ms{cause}\n",
        line.function, line.action, line.outcome, line.latency_ms
    )
}
