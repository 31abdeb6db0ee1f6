//! The real process, killed: no acknowledged write and no event is lost, and no
//! change is made in part.

mod accounts;
mod orders;

use std::{
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

/// Number of kills in the default tests.
const KILLS: usize = 4;

/// Number of kills in the long tests.
const MANY_KILLS: usize = 60;

const PASSWORD: &str = "wandering albatross over cold water";

/// A platform in a process of its own, on a free port.
struct Process {
    child: Child,
    url: String,
    folder: PathBuf,
}

impl Process {
    fn start(folder: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_platform-under-test"))
            .arg(folder)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self { child, url: line.trim().to_owned(), folder: folder.to_owned() }
    }

    /// `kill -9`.
    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// Kills the process when a test fails.
impl Drop for Process {
    fn drop(&mut self) {
        // Fails if the process was killed already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
