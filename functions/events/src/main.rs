//! The Lambda entry of the group's HTTP side.

fn main() -> std::process::ExitCode {
    shared::lambda::serve_http(events::api)
}
