//! Subjects: a platform with products and a customer, or the bare server.

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _},
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU64, AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{
    CLIENTS, Measured, ask,
    load::{load, request},
};

/// Name of the bare server and of its request.
pub const HELLO: &str = "axum's hello";

/// Kinds of requests.
pub const KINDS: [&str; 6] = [HELLO, "me", "product", "page of 20", "order of two lines", "login"];

/// Number of products, which orders use in turn.
const PRODUCTS: usize = 60;

/// Number of customers. An account has at most ten reserved orders, so these are enough
/// for minutes.
const BUYERS: usize = 300;

const PASSWORD: &str = "correct horse battery staple";

/// The expected status of the replies, and the source of requests.
type Questions<'a> = (u16, Box<dyn Fn() -> Vec<u8> + Sync + 'a>);

/// A running server.
pub struct Subject {
    pub name: String,
    process: Child,
    address: SocketAddr,
    shop: Option<Shop>,
}

/// Data of a filled platform.
struct Shop {
    _data: TempDir,
    /// The header of each buyer.
    buyers: Vec<String>,
    product: String,
    orders: AtomicU64,
    logins: AtomicUsize,
}

impl Shop {
    /// An order of the next buyer.
    fn order(&self, number: u64) -> Vec<u8> {
        let buyers = self.buyers.len() as u64;
        let place = usize::try_from(number % buyers).unwrap();
        order(&self.buyers[place], number)
    }
}

fn buyer(number: usize) -> String {
    format!("buyer.{number}@example.com")
}

impl Subject {
    /// Starts the bare server, which is this program with another argument.
    pub fn hello() -> Self {
        let (process, address, _) =
            start(Command::new(std::env::current_exe().unwrap()).arg("--hello"), "\n");
        Self { name: HELLO.to_owned(), process, address, shop: None }
    }

    /// Starts a platform with an empty data folder and fills it.
    pub fn platform(name: &str, binary: &Path) -> Self {
        let data = TempDir::new().unwrap();
        let mut command = Command::new(binary);
        let command = command.args(["--port", "0", "--data-dir"]).arg(data.path());
        let (process, address, said) = start(command, "  password ");
        let after =
            |word: &str| said.split_once(word).unwrap().1.split_whitespace().next().unwrap().to_owned();
        let mut subject = Self { name: name.to_owned(), process, address, shop: None };
        // Commit 93abaf4, the usual baseline, prints "e-mail".
        let email = if said.contains("  e-mail ") { after("  e-mail ") } else { after("  email ") };
        let administrator = subject.log_in(&email, &after("  password "));
        let product = subject.fill(&administrator);
        let mut buyers = Vec::new();
        for number in 0..BUYERS {
            let body = json!({ "email": buyer(number), "password": PASSWORD }).to_string();
            let (status, said) = ask(address, &request("POST", "/api/v1/auth/register", "", &body));
            assert_eq!(status, 201, "{said}");
            let token = said["access_token"].as_str().unwrap();
            buyers.push(format!("authorization: Bearer {token}\r\n"));
        }
        subject.shop = Some(Shop {
            _data: data,
            buyers,
            product,
            orders: AtomicU64::new(0),
            logins: AtomicUsize::new(0),
        });
        subject.wait_for_offers();
        subject
    }

    /// Measures requests for the duration `turn`; `None` if the subject does not have
    /// this kind.
    pub fn measure(&mut self, kind: &str, turn: Duration) -> Option<Measured> {
        let (status, next) = self.questions(kind)?;
        let (cpu, began) = (self.cpu_time(), Instant::now());
        let answers = load(self.address, CLIENTS, turn, status, &*next);
        let (cpu, elapsed) = (self.cpu_time().saturating_sub(cpu), began.elapsed());
        let answers = f64::from(u32::try_from(answers).unwrap());
        Some(Measured { rate: answers / elapsed.as_secs_f64(), cpu: cpu.as_secs_f64() * 1e6 / answers })
    }

    /// The source of requests of a kind, and the expected status.
    fn questions(&self, kind: &str) -> Option<Questions<'_>> {
        let Some(shop) = &self.shop else {
            return (kind == HELLO).then(|| same(200, request("GET", "/", "", "")));
        };
        let authorization = &shop.buyers[0];
        Some(match kind {
            "me" => same(200, request("GET", "/api/v1/users/me", authorization, "")),
            "product" => same(200, request("GET", &format!("/api/v1/products/{}", shop.product), "", "")),
            "page of 20" => same(200, request("GET", "/api/v1/products?limit=20", "", "")),
            "order of two lines" => {
                (201, Box::new(move || shop.order(shop.orders.fetch_add(1, Ordering::Relaxed))))
            }
            // In turn: an account has a limit of sign-ins an hour.
            "login" => (
                200,
                Box::new(move || {
                    let number = shop.logins.fetch_add(1, Ordering::Relaxed) % BUYERS;
                    let body = json!({ "email": buyer(number), "password": PASSWORD }).to_string();
                    request("POST", "/api/v1/auth/login", "", &body)
                }),
            ),
            _ => return None,
        })
    }

    fn log_in(&self, email: &str, password: &str) -> String {
        let body = json!({ "email": email, "password": password }).to_string();
        let (status, said) = ask(self.address, &request("POST", "/api/v1/auth/login", "", &body));
        assert_eq!(status, 200, "{said}");
        said["access_token"].as_str().unwrap().to_owned()
    }

    /// Creates products; returns the id of one.
    fn fill(&self, administrator: &str) -> String {
        let mut product = Value::Null;
        for number in 0..PRODUCTS {
            let body = json!({
                "title": format!("Tea {number}"),
                "description": "Black tea with bergamot, in a tin.",
                "attributes": { "brand": "Agora" },
                "price": { "amount": 890, "currency": "EUR" },
                "sku": format!("TEA-{number}"),
                "status": "active",
                "variants": [
                    { "sku": sku(number as u64), "title": "100 g", "initial_stock": 1_000_000 },
                    { "sku": format!("TEA-{number}-500"), "title": "500 g", "initial_stock": 1_000_000 },
                ],
            });
            let headers = format!("authorization: Bearer {administrator}\r\n");
            let (status, made) =
                ask(self.address, &request("POST", "/api/v1/products", &headers, &body.to_string()));
            assert_eq!(status, 201, "{made}");
            product = made["id"].clone();
        }
        product.as_str().unwrap().to_owned()
    }

    /// Waits until the events of the products have become offers.
    fn wait_for_offers(&self) {
        let shop = self.shop.as_ref().unwrap();
        let deadline = Instant::now() + Duration::from_mins(1);
        for first in (0..PRODUCTS as u64).step_by(2) {
            loop {
                // A key far from those of the measurement.
                let (status, said) = ask(self.address, &shop.order(u64::MAX / 120 * 60 + first));
                if status == 201 {
                    break;
                }
                assert!(Instant::now() < deadline, "{said}");
                thread::sleep(Duration::from_millis(100));
            }
        }
    }

    /// CPU time of the process, including its ended threads.
    fn cpu_time(&self) -> Duration {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.process.id())).unwrap();
        // The second field is the name, in brackets.
        let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
        // Hundredths of a second, in user and system mode.
        let ticks: u64 = [11, 12].map(|field| fields[field].parse::<u64>().unwrap()).iter().sum();
        Duration::from_millis(ticks * 10)
    }
}

/// An order of one each of two products.
fn order(authorization: &str, number: u64) -> Vec<u8> {
    let lines = [number, number + 1].map(|number| json!({ "sku": sku(number), "quantity": 1 }));
    let address = json!({ "street": "12 St James's Square", "city": "London", "country": "GB" });
    let body = json!({ "lines": lines, "shipping_address": address }).to_string();
    request("POST", "/api/v1/orders", &format!("{authorization}idempotency-key: {number}\r\n"), &body)
}

impl Drop for Subject {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

fn sku(number: u64) -> String {
    format!("TEA-{}-100", number % PRODUCTS as u64)
}

fn same<'a>(status: u16, request: Vec<u8>) -> Questions<'a> {
    (status, Box::new(move || request.clone()))
}

/// Starts a server; returns its address and its output up to `last`.
fn start(command: &mut Command, last: &str) -> (Child, SocketAddr, String) {
    let mut process = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(process.stdout.take().unwrap());
    let mut said = String::new();
    while !said.contains(last) {
        assert!(lines.read_line(&mut said).unwrap() > 0, "it ended: {said}");
    }
    // Reads further output, so that the process does not block on it.
    thread::spawn(move || lines.read_to_end(&mut Vec::new()));
    let address = said.split_once("http://").unwrap().1;
    let address = address.split_whitespace().next().unwrap().parse().unwrap();
    (process, address, said)
}
