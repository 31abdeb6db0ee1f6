//! The programs of others that read what Agora writes: `events/oracle/` has them, and they come
//! from `.ci/tools` and `.ci/openapi` (`.venv`, `.ci/node_modules`). Where one is missing, the
//! tests say so and pass; in CI (`CI`, or `READERS` as `.ci/steps` sets it) they fail.

use std::{
    env,
    ffi::OsString,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use serde_json::Value;

/// A reader of calendars or of pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// Python's `icalendar` with `recurring-ical-events`.
    RecurringIcalEvents,
    /// The same, with zones whose names are in no database: it has the written changes of the
    /// clocks only.
    WrittenZones,
    /// `ical.js`.
    IcalJs,
    /// `extruct`, which reads JSON-LD out of HTML.
    Extruct,
}

/// The readers of calendars.
pub const CALENDARS: [Reader; 3] = [Reader::RecurringIcalEvents, Reader::WrittenZones, Reader::IcalJs];

impl Reader {
    fn script(self) -> &'static str {
        match self {
            Self::RecurringIcalEvents | Self::WrittenZones => "calendars.py",
            Self::IcalJs => "calendars.mjs",
            Self::Extruct => "linked_data.py",
        }
    }

    /// The program, and what must exist for it.
    fn program(self) -> (PathBuf, PathBuf) {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        if self == Self::IcalJs {
            return ("node".into(), root.join(".ci/node_modules/ical.js"));
        }
        let python = root.join(".venv/bin/python");
        (python.clone(), python)
    }

    /// Fails if the reader does not find what the cases state.
    pub fn agrees(self, cases: &Value) {
        let (program, needs) = self.program();
        if !needs.exists() {
            return skip(self, &format!("{} is not installed; .ci/tools installs it", needs.display()));
        }
        let cases = cases.to_string();
        if let Some(path) = env::var_os("AGORA_CALENDAR_CASES") {
            std::fs::write(path, &cases).expect("written");
        }
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("events/oracle").join(self.script());
        let mut child = Command::new(program)
            .arg(script)
            .args((self == Self::WrittenZones).then_some("--rename-zones"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the reader runs");
        // A reader that lacks a library ends before it has read.
        let sent = child.stdin.take().expect("an input").write_all(cases.as_bytes());
        let output = child.wait_with_output().expect("finished");
        let report = String::from_utf8_lossy(&output.stdout);
        if report.starts_with("skipped") {
            return skip(self, &report);
        }
        println!("{report}");
        assert!(output.status.success(), "{self:?}: {report}");
        sent.expect("read");
    }
}

fn skip(reader: Reader, why: &str) {
    assert!(!is_required(["CI", "READERS"].map(env::var_os)), "{reader:?} is missing in CI: {why}");
    println!("skipped: {reader:?}: {why}");
}

/// True if one of these variables has a value that means yes.
fn is_required(variables: [Option<OsString>; 2]) -> bool {
    variables.into_iter().flatten().any(|value| !value.is_empty() && value != "false" && value != "0")
}

#[test]
fn a_reader_is_required_in_ci() {
    let set = |value: &str| Some(OsString::from(value));
    assert!(!is_required([None, None]));
    assert!(!is_required([set("false"), set("")]));
    assert!(is_required([set("true"), None]));
    assert!(is_required([None, set("required")]));
}
