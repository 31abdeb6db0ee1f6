//! The group's endpoints and pages, one a file.

mod get_file;
mod get_health;
mod get_openapi;
mod get_problem;

use get_file::{get_file, get_root};
use get_problem::get_problem;

use crate::state::Web;

shared::endpoints! {
    /// Platform: health and API documents.
    group web with state Web;
    get_health, get_openapi;
    page "/" => get_root;
    page "/docs" => get_file;
    page "/docs/{*file}" => get_file;
    page "/redoc" => get_file;
    page "/redoc/{*file}" => get_file;
    page "/account/{*file}" => get_file;
    page "/problems/{code}" => get_problem;
}
