//! The `agora` command: reads its arguments and does what they say. What it
//! runs is in the library.

mod commands;
mod console;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let result = commands::Agora::parse().run();
    result.map_or_else(|error| console::fail(&*error), |()| ExitCode::SUCCESS)
}
