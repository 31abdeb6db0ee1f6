//! Clients with minimal overhead: threads with a connection each, on HTTP/1.1.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    sync::atomic::{AtomicU64, Ordering},
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

/// The bytes of a request.
pub fn request(method: &str, path: &str, headers: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    let content = if body.is_empty() { "" } else { "content-type: application/json\r\n" };
    format!(
        "{method} {path} HTTP/1.1\r\nhost: 127.0.0.1\r\n{headers}{content}content-length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

/// Sends one request; returns the status and the reply as JSON.
pub fn ask(address: SocketAddr, request: &[u8]) -> (u16, Value) {
    let mut connection = Connection::open(address);
    let status = connection.ask(request);
    (status, serde_json::from_slice(connection.body()).unwrap_or_default())
}

/// Has `clients` send the requests of `next` for the duration `time`, and counts the
/// replies, which must have the status `expected`.
pub fn load(
    address: SocketAddr,
    clients: usize,
    time: Duration,
    expected: u16,
    next: &(dyn Fn() -> Vec<u8> + Sync),
) -> u64 {
    let answers = AtomicU64::new(0);
    let end = Instant::now() + time;
    thread::scope(|scope| {
        for _ in 0..clients {
            scope.spawn(|| {
                let mut connection = Connection::open(address);
                while Instant::now() < end {
                    let status = connection.ask(&next());
                    assert_eq!(status, expected, "{}", String::from_utf8_lossy(connection.body()));
                    answers.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    answers.into_inner()
}

struct Connection {
    stream: TcpStream,
    answer: Vec<u8>,
    head: usize,
}

impl Connection {
    fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream, answer: Vec::new(), head: 0 }
    }

    /// Sends a request and reads the whole reply; returns its status.
    fn ask(&mut self, request: &[u8]) -> u16 {
        self.stream.write_all(request).unwrap();
        self.answer.clear();
        let mut whole = None;
        while whole.is_none_or(|whole| self.answer.len() < whole) {
            let mut part = [0; 16 * 1024];
            let read = self.stream.read(&mut part).unwrap();
            assert!(read > 0, "the connection was closed");
            self.answer.extend_from_slice(&part[..read]);
            whole = whole.or_else(|| self.whole());
        }
        std::str::from_utf8(&self.answer[9..12]).unwrap().parse().unwrap()
    }

    /// The length of the reply, once its head has arrived.
    fn whole(&mut self) -> Option<usize> {
        self.head = self.answer.windows(4).position(|end| end == b"\r\n\r\n")? + 4;
        let head = std::str::from_utf8(&self.answer[..self.head]).unwrap().to_ascii_lowercase();
        let (_, length) = head.split_once("content-length: ").expect("a length");
        Some(self.head + length.lines().next().unwrap().parse::<usize>().unwrap())
    }

    fn body(&self) -> &[u8] {
        &self.answer[self.head..]
    }
}
