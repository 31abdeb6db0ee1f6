//! The Lambda entry of the expiry of reservations.

fn main() -> std::process::ExitCode {
    shared::lambda::serve_schedule(orders::sweeper)
}
