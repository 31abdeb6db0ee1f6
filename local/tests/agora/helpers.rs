//! The command, and a serving platform.

use std::{
    error::Error,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Output, Stdio},
};

pub type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

pub fn agora(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_agora"));
    command.args(arguments);
    command
}

/// Standard error of a failed command.
pub fn fault(output: &Output) -> String {
    assert!(!output.status.success(), "{output:?}");
    assert!(output.stdout.is_empty(), "{output:?}");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A serving platform, and its output until it was ready.
pub struct Serving {
    pub process: Child,
    pub said: String,
}

impl Serving {
    pub fn start(arguments: &[&str]) -> Result<Self> {
        Self::start_in(Path::new("."), arguments)
    }

    /// Starts with `folder` as the working folder.
    pub fn start_in(folder: &Path, arguments: &[&str]) -> Result<Self> {
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

    pub fn port(&self) -> Result<&str> {
        let (_, rest) = self.said.split_once("http://127.0.0.1:").ok_or("no address")?;
        Ok(rest.split_whitespace().next().ok_or("no port")?)
    }

    /// Head of the reply to a page of `origin`.
    pub fn answer_to(&self, origin: &str) -> Result<String> {
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

/// Status of a raw request.
pub fn status(port: &str, request: &str) -> Result<u16> {
    let mut stream = TcpStream::connect(format!("127.0.0.1:{port}"))?;
    stream.write_all(request.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer.split(' ').nth(1).ok_or("no status")?.parse()?)
}
