//! Start, output and end of the platform.

use std::{net::TcpListener, process::Command};

use super::helpers::{Result, Serving, agora, fault, status};

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
fn a_port_or_folder_in_use_is_named_with_a_remedy() -> Result {
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
    // The port is free now.
    let seeded = seed("3")?;
    assert!(seeded.status.success(), "{seeded:?}");
    let said = String::from_utf8(seeded.stdout)?;
    assert!(said.contains("1 accounts created, 2 existing"), "{said}");
    Ok(())
}

#[test]
fn every_line_is_in_a_log_file_too() -> Result {
    let folder = tempfile::tempdir()?;
    let data = folder.path().to_str().ok_or("a path")?;
    // A container's volume for the logs is there before the first start.
    std::fs::create_dir(folder.path().join("logs"))?;
    let serving = Serving::start(&["--data-dir", data])?;
    let health = "GET /api/v1/users/health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    assert_eq!(status(serving.port()?, health)?, 200);
    let log = std::fs::read_to_string(folder.path().join("logs/info.jsonl"))?;
    assert!(log.lines().any(|line| line.contains("users-api") && line.starts_with('{')), "{log}");
    drop(serving);
    assert!(agora(&["reset", "--data-dir", data]).output()?.status.success());
    assert!(!folder.path().exists());
    Ok(())
}
