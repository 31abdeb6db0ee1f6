//! Growth of the cost of requests with the amount of data:
//! `cargo bench -p tests --bench growth`.
//!
//! Fills platforms with a hundred, ten thousand and a hundred thousand products, and
//! as many categories, orders and organisations, sends each the same requests, and prints the round
//! trips and units of each request to a warm function. `-- <items>` sets the largest
//! number.

mod fill;
#[expect(dead_code, unused_imports, reason = "the tests use all of it")]
#[path = "../../harness/mod.rs"]
mod harness;
#[expect(dead_code, reason = "the tests use all of it")]
#[path = "../../seeded.rs"]
mod seeded;

use axum::body::Body;
use fill::{Filled, request};
use harness::Lines;
use http::Method;
use local::platform::{Data, Options, Platform};

/// Default numbers of products and categories.
const SIZES: [usize; 3] = [100, 10_000, 100_000];

/// Repetitions of a request, of which the cheapest counts: the others also read keys,
/// revocations and data that the first one found cold.
const TIMES: usize = 3;

/// Method, path and body of the requests. `{wide}` is a category above a hundred with
/// products, `{narrow}` one above ten, `{shelf}` one with products of its own,
/// `{deep}` one far below the top; `{organization}` has up to 1,000 members. All words
/// of every twentieth product begin with `x`: a search for it drops as many rows as it
/// shows.
const REQUESTS: [(Method, &str, &str); 28] = [
    (Method::GET, "/products", ""),
    (Method::GET, "/products?sort=price&currency=EUR&price_gte=5000", ""),
    (Method::GET, "/products?sort=-price", ""),
    (Method::GET, "/products?sort=title", ""),
    (Method::GET, "/products?q=tea", ""),
    (Method::GET, "/products?q=x", ""),
    (Method::GET, "/products?brand=brand+7", ""),
    (Method::GET, "/products?sku=S-000042", ""),
    (Method::GET, "/products/export", ""),
    (Method::GET, "/categories", ""),
    (Method::GET, "/categories?depth=1", ""),
    (Method::GET, "/categories/{deep}", ""),
    (Method::GET, "/categories/{wide}/children", ""),
    (Method::GET, "/categories/{wide}/subtree", ""),
    (Method::GET, "/categories/{shelf}/products", ""),
    (Method::GET, "/categories/{narrow}/products?descendants=true", ""),
    (Method::GET, "/categories/{wide}/products?descendants=true", ""),
    (Method::POST, "/categories/{deep}/move", r#"{"parent_id":null}"#),
    (Method::GET, "/orders", ""),
    (Method::GET, "/orders?status=confirmed", ""),
    (Method::GET, "/orders?user_id={buyer}&sort=created_at", ""),
    (Method::GET, "/stock", ""),
    (Method::GET, "/stock/S-000000/adjustments", ""),
    (Method::GET, "/organizations", ""),
    (Method::GET, "/organizations?q=society", ""),
    (Method::GET, "/organizations/mine", ""),
    (Method::GET, "/organizations/{organization}", ""),
    (Method::GET, "/organizations/{organization}/members", ""),
];

#[tokio::main]
async fn main() {
    // Cargo adds `--bench`.
    let largest = std::env::args().skip(1).find_map(|argument| argument.parse().ok());
    let mut sizes = SIZES.to_vec();
    if let Some(largest) = largest {
        sizes.retain(|size| *size < largest);
        sizes.push(largest);
    }
    let mut columns = Vec::new();
    for size in &sizes {
        columns.push(Box::pin(column(*size)).await);
    }
    print!("{:60}", "round trips, read units + write units, of so many items");
    for size in &sizes {
        print!(" {size:>16}");
    }
    println!();
    for (row, (method, path, _)) in REQUESTS.iter().enumerate() {
        print!("{:60}", format!("{method} {path}"));
        for column in &columns {
            print!(" {:>16}", column[row]);
        }
        println!();
    }
}

/// Costs of each request to a platform with `size` items.
async fn column(size: usize) -> Vec<String> {
    let lines = Lines::default();
    // In memory the engine has no index of its stream and reads all of it at every
    // write.
    let folder = tempfile::tempdir().unwrap();
    let data = Data::Folder(folder.path().to_owned());
    let options = Options { data, log: lines.log(), ..Options::memory().unwrap() };
    let platform = Platform::start(options).await.unwrap();
    let began = std::time::Instant::now();
    let filled = fill::fill(&platform, size).await;
    eprintln!(
        "{size} products, categories, orders and organisations in {:.0} s",
        began.elapsed().as_secs_f64()
    );
    let mut cells = Vec::new();
    for (method, path, body) in REQUESTS {
        let function = match path.split(['/', '?']).nth(1) {
            Some("orders" | "stock") => "orders-api",
            Some("organizations") => "organizations-api",
            _ => "catalog-api",
        };
        let mut taken = Vec::new();
        for _ in 0..TIMES {
            ask(&platform, &filled, method.clone(), path, body).await;
            let line = lines.of(function).pop().unwrap();
            taken.push((line.round_trips, line.read_units, line.write_units));
        }
        let (round_trips, read, write) =
            taken.into_iter().min_by(|one, other| one.partial_cmp(other).unwrap()).unwrap();
        cells.push(format!("{round_trips}, {read} + {write}"));
    }
    platform.shutdown().await;
    cells
}

async fn ask(platform: &Platform, filled: &Filled, method: Method, path: &str, body: &'static str) {
    let path = filled.ids().fold(path.to_owned(), |path, (name, id)| path.replace(name, &id));
    let request = request(method, &format!("/api/v1{path}"), &filled.token, "application/json");
    let response = platform.request(request.body(Body::from(body)).unwrap()).await;
    assert_eq!(response.status(), 200, "{path}");
}
