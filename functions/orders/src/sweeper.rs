//! The Lambda entry of what ends reservations.

fn main() -> std::process::ExitCode {
    shared::lambda::serve_schedule(orders::sweeper)
}
