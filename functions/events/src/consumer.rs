//! The Lambda entry of the group's consumer.

fn main() -> std::process::ExitCode {
    shared::lambda::serve_sqs(events::consumer)
}
