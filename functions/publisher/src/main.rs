//! The Lambda entry.

fn main() -> std::process::ExitCode {
    shared::lambda::serve_stream(publisher::publisher)
}
