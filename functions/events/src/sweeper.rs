//! The Lambda entry of the completion of past events.

fn main() -> std::process::ExitCode {
    shared::lambda::serve_schedule(events::sweeper)
}
