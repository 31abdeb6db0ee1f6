//! The group's endpoints and pages, one a file.

mod get_file;
mod get_health;
mod get_openapi;

use get_file::{get_file, get_root};

use crate::state::Web;

shared::endpoints! {
    group web with state Web;
    /// Health of the platform and of each group, for load balancers and monitors, and this
    /// document. None of them needs a token.
    ///
    /// 1. `GET /health` returns 200 if the gateway reaches the functions.
    /// 2. `GET /api/v1/orders/health` returns 200 if the group answers; every group has
    ///    one.
    /// 3. `GET /openapi.json` returns the contract of the running version.
    tag health;
    get_health, get_openapi;
    page "/" => get_root;
    page "/docs" => get_file;
    page "/docs/{*file}" => get_file;
    page "/redoc" => get_file;
    page "/redoc/{*file}" => get_file;
    page "/openapi/{*file}" => get_file;
    page "/account/{*file}" => get_file;
    page "/components/{*file}" => get_file;
    page "/events" => get_file;
    page "/events/{*file}" => get_file;
    page "/problems" => get_file;
    page "/problems/{*file}" => get_file;
    page "/domain-events" => get_file;
    page "/domain-events/{*file}" => get_file;
}
