//! The tour of the README.

use std::{io::Write as _, path::Path, process::Command};

use super::helpers::{Result, Serving};

/// The block of README's tour, and the statuses that its comments name.
fn tour() -> Result<(String, Vec<String>)> {
    let readme = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md"))?;
    let begin = readme.find("```sh\nAGORA=").ok_or("README has no tour")? + "```sh\n".len();
    let block = readme[begin..].split("\n```").next().ok_or("the tour has no end")?.to_owned();
    let comments = block.lines().filter(|line| line.starts_with("# "));
    let words = comments.flat_map(|line| line.split(['(', ')'])).filter(|word| is_status(word));
    let statuses = words.map(str::to_owned).collect();
    Ok((block, statuses))
}

fn is_status(text: &str) -> bool {
    text.len() == 3 && text.bytes().all(|digit| digit.is_ascii_digit())
}

#[test]
fn the_tour_of_the_readme_goes_as_its_comments_say() -> Result {
    if Command::new("curl").arg("--version").output().is_err() {
        // Past the capture of tests.
        writeln!(std::io::stderr(), "skipped: README's tour wants curl, which is not installed")?;
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    let data = folder.path().to_str().ok_or("a path")?;
    let serving = Serving::start(&["--data-dir", data])?;
    let (block, expected) = tour()?;
    assert!(expected.len() > 10, "{expected:?}");
    let address = "http://127.0.0.1:3000";
    assert!(block.contains(address), "{block}");
    let block = block.replace(address, &format!("http://127.0.0.1:{}", serving.port()?));
    // `cargo run --quiet -- admin ...` is this binary, on this platform's folder.
    let cargo = "cargo() { \"$AGORA_BINARY\" \"${@:4}\" --data-dir \"$FOLDER\"; }";
    let script = format!("set -eu\n{cargo}\n{block}");
    let mut bash = Command::new("bash");
    let bash =
        bash.args(["-c", &script]).env("AGORA_BINARY", env!("CARGO_BIN_EXE_agora")).env("FOLDER", data);
    let output = bash.output()?;
    let (said, faults) = (String::from_utf8(output.stdout)?, String::from_utf8_lossy(&output.stderr));
    let statuses: Vec<&str> = said.lines().filter(|line| is_status(line)).collect();
    assert_eq!(statuses, expected, "{said}\n{faults}");
    assert!(output.status.success(), "{said}\n{faults}");
    Ok(())
}
