//! Access to the platform: pages, other machines, other folders.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
};

use super::helpers::{Result, Serving, agora, fault, status};

#[test]
fn a_page_of_any_port_of_this_machine_may_call() -> Result {
    let serving = Serving::start(&["--memory"])?;
    let allowed = serving.answer_to("http://localhost:5173")?;
    assert!(allowed.contains("access-control-allow-origin: http://localhost:5173"), "{allowed}");
    let refused = serving.answer_to("https://shop.example")?;
    assert!(!refused.contains("access-control-allow-origin"), "{refused}");
    Ok(())
}

/// A web page may have a name of its own resolve to this machine, or send a form.
#[test]
fn the_cloud_answers_to_local_names_and_to_no_page() -> Result {
    let folder = tempfile::tempdir()?;
    let data = folder.path().to_str().ok_or("a path")?;
    let serving = Serving::start(&["cloud", "--data-dir", data])?;
    let port = serving.port()?;
    let body = r#"{"TableName":"agora-Table"}"#;
    let scan = |host: &str, more: &str| {
        let request = format!(
            "POST / HTTP/1.1\r\nhost: {host}\r\nx-amz-target: DynamoDB_20120810.Scan\r\n\
             content-type: application/x-amz-json-1.0\r\ncontent-length: {}\r\nconnection: close\r\n{more}\r\n{body}",
            body.len()
        );
        status(port, &request)
    };
    for host in ["127.0.0.1", "localhost:4566", "[::1]:4566"] {
        assert_eq!(scan(host, "")?, 200, "{host}");
    }
    for host in ["evil.example", "evil.example:3224", "localhost.evil.example", "127.0.0.1.evil.example", ""]
    {
        assert_eq!(scan(host, "")?, 403, "{host}");
    }
    for page in ["origin: http://localhost:5173\r\n", "origin: null\r\n", "sec-fetch-site: cross-site\r\n"] {
        assert_eq!(scan("127.0.0.1", page)?, 403, "{page}");
    }
    Ok(())
}

#[test]
fn a_command_wants_the_token_of_the_data_folder() -> Result {
    let folder = tempfile::tempdir()?;
    let data = folder.path().to_str().ok_or("a path")?;
    let serving = Serving::start(&["--data-dir", data])?;
    let port = serving.port()?;
    let body = r#"{"seed_users":{"from":0,"count":1}}"#;
    let operate = |token: &str| {
        let request = format!(
            "POST /_local/operate HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: {}\r\nconnection: close\r\n{token}\r\n{body}",
            body.len()
        );
        status(port, &request)
    };
    for token in ["", "x-agora-operator: 1\r\n", "x-agora-operator: \r\n"] {
        assert_eq!(operate(token)?, 403, "{token}");
    }
    let token = std::fs::read_to_string(folder.path().join("operator-token.json"))?;
    assert_eq!(operate(&format!("x-agora-operator: {}\r\n", token.trim_matches('"')))?, 200);
    // From another folder the port alone is not enough.
    let elsewhere = tempfile::tempdir()?;
    let seed = |more: &[&str]| {
        let mut command = agora(&["seed", "--users", "1", "--port", port]);
        command.args(more).current_dir(elsewhere.path()).output()
    };
    let refused = fault(&seed(&[])?);
    assert!(refused.contains("has no token") && refused.contains("--data-dir"), "{refused}");
    assert!(seed(&["--data-dir", data])?.status.success());
    Ok(())
}

/// The address of this machine in its network, if it has one.
fn network_address() -> Option<String> {
    let socket = std::net::UdpSocket::bind("0.0.0.0:0").ok()?;
    // Sends nothing.
    socket.connect("192.0.2.1:9").ok()?;
    Some(socket.local_addr().ok()?.ip().to_string()).filter(|address| !address.starts_with("127."))
}

#[test]
fn local_pages_answer_no_other_machine_on_any_host() -> Result {
    let Some(address) = network_address() else {
        writeln!(std::io::stderr(), "skipped: this machine has no network")?;
        return Ok(());
    };
    let serving = Serving::start(&["--memory", "--host", "0.0.0.0"])?;
    assert!(serving.said.contains("Warning: other machines reach this platform"), "{}", serving.said);
    let status = |path: &str| -> Result<u16> {
        let mut stream = TcpStream::connect(format!("{address}:{}", serving.port()?))?;
        write!(stream, "GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer.split(' ').nth(1).ok_or("no status")?.parse()?)
    };
    assert_eq!(status("/health")?, 200);
    assert_eq!(status("/_local/mails")?, 403, "whatever host it names");
    Ok(())
}
