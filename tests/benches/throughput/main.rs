//! Throughput of the local platform: `cargo bench -p tests --bench throughput`.
//!
//! Compares the release build of this tree, every binary that is named by
//! `--baseline <binary>`, and a bare axum server, each in a process of its own, with
//! its data on disk. Every kind of request is sent to each in turns, five times, so
//! that other load on the machine affects all alike; the table has the medians.
//! `--seconds <s>` sets the duration of a turn, `--platform <binary>` measures that
//! one and builds nothing, `--only <request>` runs that kind alone, for a profiler.
//!
//! The requests come from this process, on the same cores. During other builds on the
//! machine only the CPU time is meaningful.

mod hello;
mod load;
mod report;
mod subject;

use std::{path::PathBuf, process::Command, time::Duration};

use load::ask;
use report::{Measured, Report};
use subject::Subject;

/// Measurements of each kind of request on each subject.
const ROUNDS: usize = 5;

/// Default duration of a turn, in seconds.
const TURN: f64 = 2.0;

/// Number of concurrent clients, each with one request at a time.
const CLIENTS: usize = 4;

fn main() {
    let arguments = Arguments::read();
    if arguments.hello {
        return hello::serve();
    }
    let platform = arguments.platform.clone().unwrap_or_else(build);
    let mut subjects = vec![Subject::hello(), Subject::platform("this tree", &platform)];
    subjects.extend(arguments.baselines.iter().map(|binary| {
        let name = binary.file_name().unwrap().to_string_lossy();
        Subject::platform(&name, binary)
    }));
    let mut report = Report::default();
    for round in 0..=ROUNDS {
        for kind in subject::KINDS.into_iter().filter(|kind| arguments.asks(kind)) {
            for subject in &mut subjects {
                // The first round is not measured: caches fill, connections open.
                let turn = if round == 0 { Duration::from_millis(300) } else { arguments.turn };
                let Some(measured) = subject.measure(kind, turn) else { continue };
                if round > 0 {
                    report.add(kind, &subject.name, measured);
                }
            }
        }
        eprintln!("round {round} of {ROUNDS}");
    }
    print!("{report}");
}

/// Arguments of the command.
struct Arguments {
    hello: bool,
    platform: Option<PathBuf>,
    baselines: Vec<PathBuf>,
    turn: Duration,
    only: Option<String>,
}

impl Arguments {
    fn asks(&self, kind: &str) -> bool {
        self.only.as_deref().is_none_or(|only| only == kind)
    }

    fn read() -> Self {
        let turn = Duration::from_secs_f64(TURN);
        let mut read = Self { hello: false, platform: None, baselines: Vec::new(), turn, only: None };
        let mut arguments = std::env::args().skip(1);
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().unwrap_or_else(|| panic!("{argument} wants a value"));
            match argument.as_str() {
                "--hello" => read.hello = true,
                "--platform" => read.platform = Some(value().into()),
                "--baseline" => read.baselines.push(value().into()),
                "--only" => read.only = Some(value()),
                "--seconds" => read.turn = Duration::from_secs_f64(value().parse().expect("seconds")),
                // Cargo adds it.
                "--bench" => {}
                other => panic!("unknown argument {other}"),
            }
        }
        read
    }
}

/// Builds the platform in its profile.
fn build() -> PathBuf {
    let root = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    let built = Command::new("cargo")
        .args(["build", "--profile", "platform", "--locked", "--package", "local", "--bin", "agora"])
        .current_dir(&root)
        .status()
        .unwrap();
    assert!(built.success(), "the platform does not build");
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    target.join("platform/agora")
}
