//! The Lambda entry.

fn main() -> std::process::ExitCode {
    shared::lambda::serve_sqs(notifications::consumer)
}
