//! The Lambda entry of the group's listener.

fn main() -> std::process::ExitCode {
    shared::lambda::serve_sqs(orders::consumer)
}
