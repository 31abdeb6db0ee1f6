//! The Lambda entry of the search.

fn main() -> std::process::ExitCode {
    shared::lambda::serve_http(events::search)
}
