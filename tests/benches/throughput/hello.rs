//! The minimal HTTP server on axum: one route, one word.

use std::io::Write as _;

use axum::{Router, routing::get};
use tokio::net::TcpListener;

/// Serves until it is killed; prints its address.
#[tokio::main]
pub async fn serve() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("  API      http://{}", listener.local_addr().unwrap());
    std::io::stdout().flush().unwrap();
    axum::serve(listener, Router::new().route("/", get(async || "hello"))).await.unwrap();
}
