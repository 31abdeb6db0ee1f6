//! The `agora` command as its terminal sees it. What the platform behind it does
//! is for the `tests` package to show.

use std::{
    error::Error,
    io::{BufRead as _, BufReader, Read as _},
    net::TcpListener,
    process::{Child, Command, Output, Stdio},
};

type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

fn agora(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_agora"));
    command.args(arguments);
    command
}

/// Why it failed: what stands on standard error.
fn fault(output: &Output) -> String {
    assert!(!output.status.success(), "{output:?}");
    assert!(output.stdout.is_empty(), "{output:?}");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A platform that serves, and what it said until it was ready.
struct Serving {
    process: Child,
    said: String,
}

impl Serving {
    fn start(arguments: &[&str]) -> Result<Self> {
        let mut process =
            agora(arguments).args(["--port", "0"]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let mut said = String::new();
        let mut lines = BufReader::new(process.stdout.take().ok_or("no output")?);
        while !said.contains("  data ") {
            if lines.read_line(&mut said)? == 0 {
                return Err(format!("it ended: {said}").into());
            }
        }
        // It has more to say, and must not be kept from it.
        std::thread::spawn(move || lines.read_to_end(&mut Vec::new()));
        Ok(Self { process, said })
    }

    fn port(&self) -> Result<&str> {
        let (_, rest) = self.said.split_once("http://127.0.0.1:").ok_or("no address")?;
        Ok(rest.split_whitespace().next().ok_or("no port")?)
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // One that has ended already needs no killing.
        let _ = self.process.kill().and_then(|()| self.process.wait());
    }
}

#[test]
fn it_says_where_everything_is_and_ends_when_it_is_asked_to() -> Result {
    let folder = tempfile::tempdir()?;
    let data = folder.path().to_str().ok_or("a path")?;
    let mut serving = Serving::start(&["--data-dir", data])?;
    for what in ["/docs", "/_local/mailbox", "/_local/events", data] {
        assert!(serving.said.contains(what), "{what}: {}", serving.said);
    }
    let asked = Command::new("kill").args(["-INT", &serving.process.id().to_string()]).status()?;
    assert!(asked.success());
    assert!(serving.process.wait()?.success());
    Ok(())
}

#[test]
fn what_somebody_else_uses_is_named_with_what_to_do() -> Result {
    let folder = tempfile::tempdir()?;
    let data = folder.path().to_str().ok_or("a path")?;
    let serving = Serving::start(&["--data-dir", data])?;

    let refused = fault(&agora(&["--memory", "--port", serving.port()?]).output()?);
    assert!(refused.contains(&format!("port {} is in use", serving.port()?)), "{refused}");
    assert!(refused.contains("hint:") && refused.contains("--port"), "{refused}");

    let elsewhere = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port().to_string();
    let refused = fault(&agora(&["--data-dir", data, "--port", &elsewhere]).output()?);
    assert!(refused.contains(&format!("data folder {data} is in use")), "{refused}");
    assert!(refused.contains("hint:"), "{refused}");
    Ok(())
}

#[test]
fn a_folder_leads_to_the_platform_that_uses_it() -> Result {
    let folder = tempfile::tempdir()?;
    let data = folder.path().to_str().ok_or("a path")?;
    let seed = |users: &str| agora(&["seed", "--users", users, "--data-dir", data]).output();
    let serving = Serving::start(&["--data-dir", data])?;
    let seeded = seed("2")?;
    assert!(seeded.status.success(), "{seeded:?}");
    drop(serving);
    // The port that it left is nobody's.
    let seeded = seed("3")?;
    assert!(seeded.status.success(), "{seeded:?}");
    let said = String::from_utf8(seeded.stdout)?;
    assert!(said.contains("1 accounts made, 2 there already"), "{said}");
    Ok(())
}

#[test]
fn every_command_tells_of_itself() -> Result {
    let output = agora(&["--help"]).output()?;
    assert!(output.status.success());
    let help = String::from_utf8(output.stdout)?;
    let (_, commands) = help.split_once("Commands:").ok_or("no commands")?;
    let (commands, _) = commands.split_once("Options:").ok_or("no options")?;
    let names = commands.lines().filter_map(|line| line.strip_prefix("  ")?.split_whitespace().next());
    for name in names.filter(|name| *name != "help") {
        let output = agora(&[name, "--help"]).output()?;
        assert!(output.status.success(), "{name}: {output:?}");
        let help = String::from_utf8(output.stdout)?;
        let (about, _) = help.split_once("Usage:").ok_or("no usage")?;
        assert!(!about.trim().is_empty(), "{name} says nothing of itself");
    }
    Ok(())
}
