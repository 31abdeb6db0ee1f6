//! `platform-under-test FOLDER`: a platform in a process of its own, for tests
//! that kill it. It prints its URL when it is ready.

use std::path::PathBuf;

use local::platform::{Data, Options, Platform};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args_os().nth(1).map(PathBuf::from).ok_or("usage: platform-under-test FOLDER")?;
    let options = Options { data: Data::Folder(folder), port: Some(0), ..Options::memory()? };
    let platform = Platform::start(options).await?;
    let address = platform.address().ok_or("the platform does not listen")?;
    println!("http://{address}");
    std::future::pending().await
}
