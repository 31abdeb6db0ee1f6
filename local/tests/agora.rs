//! The `agora` command as its terminal sees it. The platform itself is covered by the
//! `tests` package.

use std::{
    error::Error,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Output, Stdio},
};

type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

fn agora(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_agora"));
    command.args(arguments);
    command
}

/// Standard error of a failed command.
fn fault(output: &Output) -> String {
    assert!(!output.status.success(), "{output:?}");
    assert!(output.stdout.is_empty(), "{output:?}");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A serving platform, and its output until it was ready.
struct Serving {
    process: Child,
    said: String,
}

impl Serving {
    fn start(arguments: &[&str]) -> Result<Self> {
        Self::start_in(Path::new("."), arguments)
    }

    /// Starts with `folder` as the working folder.
    fn start_in(folder: &Path, arguments: &[&str]) -> Result<Self> {
        let mut command = agora(arguments);
        let command = command.current_dir(folder).args(["--port", "0"]);
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let mut said = String::new();
        let mut lines = BufReader::new(process.stdout.take().ok_or("no output")?);
        while !said.contains("  data ") {
            if lines.read_line(&mut said)? == 0 {
                return Err(format!("it ended: {said}").into());
            }
        }
        // The rest of the output must be read, or the process blocks.
        std::thread::spawn(move || lines.read_to_end(&mut Vec::new()));
        Ok(Self { process, said })
    }

    fn port(&self) -> Result<&str> {
        let (_, rest) = self.said.split_once("http://127.0.0.1:").ok_or("no address")?;
        Ok(rest.split_whitespace().next().ok_or("no port")?)
    }
}

impl Serving {
    /// Head of the reply to a page of `origin`.
    fn answer_to(&self, origin: &str) -> Result<String> {
        let mut stream = TcpStream::connect(format!("127.0.0.1:{}", self.port()?))?;
        let path = "/api/v1/products";
        write!(stream, "GET {path} HTTP/1.1\r\nhost: x\r\norigin: {origin}\r\nconnection: close\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer.split("\r\n\r\n").next().unwrap_or_default().to_ascii_lowercase())
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // A process that has ended needs no kill.
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
    // The port is free now.
    let seeded = seed("3")?;
    assert!(seeded.status.success(), "{seeded:?}");
    let said = String::from_utf8(seeded.stdout)?;
    assert!(said.contains("1 accounts created, 2 existing"), "{said}");
    Ok(())
}

#[test]
fn a_page_of_any_port_of_this_machine_may_call() -> Result {
    let serving = Serving::start(&["--memory"])?;
    let allowed = serving.answer_to("http://localhost:5173")?;
    assert!(allowed.contains("access-control-allow-origin: http://localhost:5173"), "{allowed}");
    let refused = serving.answer_to("https://shop.example")?;
    assert!(!refused.contains("access-control-allow-origin"), "{refused}");
    Ok(())
}

#[test]
fn parameters_come_from_the_folder_and_the_command_line() -> Result {
    let folder = tempfile::tempdir()?;
    let lines = "# Of mine\n\nVITE_API=x\nAllowedOrigins=\"https://shop.example\"\n";
    std::fs::write(folder.path().join(".env"), lines)?;
    let serving = Serving::start_in(folder.path(), &["--memory"])?;
    let answer = serving.answer_to("https://shop.example")?;
    assert!(answer.contains("access-control-allow-origin: https://shop.example"), "{answer}");
    let set = "AllowedOrigins=https://other.example";
    let serving = Serving::start_in(folder.path(), &["--memory", "--set", set])?;
    let answer = serving.answer_to("https://other.example")?;
    assert!(answer.contains("access-control-allow-origin: https://other.example"), "{answer}");
    let answer = serving.answer_to("https://shop.example")?;
    assert!(!answer.contains("access-control-allow-origin"), "{answer}");
    Ok(())
}

#[test]
fn what_no_parameter_takes_is_refused_with_what_there_is() -> Result {
    let refused = |set: &str| -> Result<String> { Ok(fault(&agora(&["--memory", "--set", set]).output()?)) };
    let unknown = refused("LowStok=3")?;
    assert!(unknown.contains("no parameter LowStok") && unknown.contains("LowStock, "), "{unknown}");
    for (set, wanted) in [
        ("LowStock=few", "a number of 0 or more, not `few`"),
        ("MailsPerHour=51", "a number from 1 to 50, not `51`"),
        ("NetworkLimits=nowhere", "one of everywhere, not-loopback"),
        ("Stage=prod", "always local here"),
        ("LowStock", "not of the form Parameter=value"),
    ] {
        let said = refused(set)?;
        assert!(said.contains(wanted), "{set}: {said}");
    }
    let folder = tempfile::tempdir()?;
    std::fs::write(folder.path().join(".env"), "STAGE=x\nlowStock=3\n")?;
    let output = agora(&["--memory"]).current_dir(folder.path()).output()?;
    let said = fault(&output);
    assert!(said.contains(".env, line 2") && said.contains("lowStock"), "{said}");
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

/// Status of a raw request.
fn status(port: &str, request: &str) -> Result<u16> {
    let mut stream = TcpStream::connect(format!("127.0.0.1:{port}"))?;
    stream.write_all(request.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer.split(' ').nth(1).ok_or("no status")?.parse()?)
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

#[cfg(unix)]
#[test]
fn the_data_folder_is_its_owners() -> Result {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("data");
    std::fs::create_dir(&data)?;
    std::fs::set_permissions(&data, std::fs::Permissions::from_mode(0o755))?;
    let mode = |path: &Path| -> Result<u32> { Ok(std::fs::metadata(path)?.permissions().mode() & 0o777) };
    let path = data.to_str().ok_or("a path")?;
    let serving = Serving::start(&["--data-dir", path])?;
    assert!(agora(&["seed", "--users", "1", "--data-dir", path]).output()?.status.success());
    assert_eq!(mode(&data)?, 0o700);
    let mut names = Vec::new();
    for file in std::fs::read_dir(&data)? {
        let file = file?;
        let expected = if file.file_type()?.is_dir() { 0o700 } else { 0o600 };
        assert_eq!(mode(&file.path())?, expected, "{}", file.path().display());
        names.push(file.file_name().into_string().map_err(|_| "a name")?);
    }
    assert!(names.iter().any(|name| name == "table.sqlite-wal"), "{names:?}");
    drop(serving);
    // Files of an earlier release are restricted to the owner at the next start.
    std::fs::set_permissions(data.join("table.sqlite"), std::fs::Permissions::from_mode(0o644))?;
    let _serving = Serving::start(&["--data-dir", path])?;
    assert_eq!(mode(&data.join("table.sqlite"))?, 0o600);
    Ok(())
}

#[test]
fn a_backup_of_a_running_platform_is_restored() -> Result {
    let folder = tempfile::tempdir()?;
    let path = |name: &str| folder.path().join(name).display().to_string();
    let (data, file, restored) = (path("data"), path("agora.backup"), path("restored"));
    let run = |arguments: &[&str]| -> Result<String> {
        let output = agora(arguments).output()?;
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        Ok(String::from_utf8(output.stdout)?)
    };
    let serving = Serving::start(&["--data-dir", &data])?;
    run(&["seed", "--users", "3", "--data-dir", &data])?;
    run(&["backup", &file, "--data-dir", &data])?;
    // Without the secrets of the folder, no address is found.
    let parameters = |folder: &str| std::fs::read_to_string(Path::new(folder).join("parameters.json"));
    let secrets = parameters(&data)?;
    run(&["seed", "--users", "5", "--data-dir", &data])?;
    drop(serving);
    run(&["restore", &file, "--data-dir", &restored])?;
    assert_eq!(parameters(&restored)?, secrets);
    let said = run(&["seed", "--users", "5", "--data-dir", &restored])?;
    assert!(said.contains("2 accounts created, 3 existing"), "{said}");

    let exists = fault(&agora(&["backup", &file, "--data-dir", &data]).output()?);
    assert!(exists.contains("exists") && exists.contains("hint:"), "{exists}");
    let in_use = fault(&agora(&["restore", &file, "--data-dir", &data]).output()?);
    assert!(in_use.contains("is not empty") && in_use.contains("agora reset"), "{in_use}");
    std::fs::write(path("text"), "no backup")?;
    let no_backup = fault(&agora(&["restore", &path("text"), "--data-dir", &path("new")]).output()?);
    assert!(no_backup.contains("is not a backup"), "{no_backup}");
    Ok(())
}

#[test]
fn stored_items_are_counted_planned_rewritten_and_verified() -> Result {
    let folder = tempfile::tempdir()?;
    let data = folder.path().to_str().ok_or("a path")?;
    assert!(agora(&["seed", "--users", "2", "--data-dir", data]).output()?.status.success());
    for (command, says) in [
        ("status", "2  user v1"),
        ("plan", "about 0 write units"),
        ("backfill", "0 rewrites"),
        ("verify", "all in their current form"),
    ] {
        let output = agora(&["schema", command, "--data-dir", data]).output()?;
        assert!(output.status.success(), "{command}: {output:?}");
        let said = String::from_utf8(output.stdout)?;
        assert!(said.contains(says), "{command}: {said}");
    }
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

#[test]
fn commands_that_write_sources_want_a_repository() -> Result {
    let folder = tempfile::tempdir()?;
    let root = folder.path().to_str().ok_or("a path")?;
    for arguments in [&["write", "--root", root][..], &["new-group", "ships", "--root", root]] {
        let refused = fault(&agora(arguments).output()?);
        assert!(refused.contains("is not a repository of Agora") && refused.contains("--root"), "{refused}");
    }
    assert_eq!(std::fs::read_dir(folder.path())?.count(), 0);
    Ok(())
}

#[test]
fn the_doctor_names_what_a_first_deployment_misses() -> Result {
    let folder = tempfile::tempdir()?;
    let config = "[prod.deploy.parameters]\nparameter_overrides = [\n  \"PublicUrl=https://shop.test\",\n  \
                  \"MailSender=no-reply@agora.example\",\n]\n";
    std::fs::write(folder.path().join("samconfig.toml"), config)?;
    let output = agora(&["doctor"]).current_dir(folder.path()).env_clear().output()?;
    assert!(!output.status.success());
    let said = String::from_utf8(output.stdout)?;
    assert!(said.contains("fine         public URL"), "{said}");
    for missing in ["sender of emails", "topic of alarms", "AWS SAM", "cargo-lambda", "AWS credentials"] {
        assert!(said.contains(&format!("missing      {missing}\n")), "{missing}: {said}");
    }
    let stage = agora(&["doctor", "--stage", "prod"]).env_clear().output()?;
    assert!(fault(&stage).contains("AWS_REGION is not set"));
    Ok(())
}

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
