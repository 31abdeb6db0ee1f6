//! The `agora` command: parses its arguments and runs the command. The implementation
//! is in the library.

mod commands;
mod console;

use std::process::ExitCode;

use clap::Parser;

/// Requests allocate and free many small objects: see ARCHITECTURE.md for the figures.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let result = commands::Agora::parse().run();
    result.map_or_else(|error| console::fail(&*error), |()| ExitCode::SUCCESS)
}
