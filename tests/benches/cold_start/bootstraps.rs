//! The bootstraps as deployed: built by cargo-lambda in the release profile, for this
//! machine's architecture.

use std::{
    ffi::OsString,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, exit},
};

use flate2::{Compression, write::DeflateEncoder};

/// A built function.
pub struct Bootstrap {
    /// Its binary's name.
    pub name: String,
    /// The executable.
    pub path: PathBuf,
    /// The executable's size, in bytes.
    pub size: u32,
    /// Size of the zip that a deployment uploads, in bytes.
    pub zip: u32,
}

impl Bootstrap {
    /// Finds the built bootstrap of the binary `name`.
    pub fn of(root: &Path, name: &str) -> Self {
        let path = root.join("target/lambda").join(name).join("bootstrap");
        let program = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        // The compression level of sam; the records of a zip add some 150 bytes.
        let mut zip = DeflateEncoder::new(Vec::new(), Compression::new(6));
        zip.write_all(&program).unwrap();
        let size = |bytes: Vec<u8>| u32::try_from(bytes.len()).unwrap();
        Self { name: name.to_owned(), path, zip: size(zip.finish().unwrap()), size: size(program) }
    }
}

/// Builds all functions as `cargo lambdas` does, and the hello separately, so that
/// its dependencies have no features that only Agora enables.
pub fn build(root: &Path) {
    cargo(root, &["lambdas"]);
    cargo(root, &["lambda", "build", "--release", "--package", "hello"]);
}

fn cargo(root: &Path, arguments: &[&str]) {
    let path = with_local_tools(root);
    let found = std::env::split_paths(&path).any(|folder| folder.join("cargo-lambda").is_file());
    if !found {
        eprintln!("cargo-lambda is not there\nhint: `.ci/tools`, or `pip install cargo-lambda`");
        exit(1);
    }
    let built = Command::new("cargo").args(arguments).current_dir(root).env("PATH", path).status().unwrap();
    if !built.success() {
        exit(1);
    }
}

/// `PATH`, preceded by the tools that `.ci/tools` installs.
fn with_local_tools(root: &Path) -> OsString {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(root.join(".venv/bin")).chain(std::env::split_paths(&path));
    std::env::join_paths(folders).unwrap()
}
