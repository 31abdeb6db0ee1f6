//! Configuration of `cargo lambda watch`, which runs the functions with `agora cloud`:
//! the gateway's routes in `Cargo.toml`, and the variables in `.env.example`.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use shared::config::{CommonConfig, Configuration as _};

use crate::{
    functions::FUNCTIONS,
    settings::parameters,
    stack::{REGION, RouteKey, Stack, Template},
};

/// Address that `cargo lambda watch` listens on.
const PUBLIC_URL: &str = "http://127.0.0.1:9000";

/// The name of the router's block.
pub(super) const ROUTER: &str = "router";

/// Methods of a path in the router: a table of methods has no `ANY`.
const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/// The gateway's routes in the router's form. `/{*path}` is its default.
pub(super) fn router(stack: &Stack) -> String {
    let functions: Vec<_> =
        FUNCTIONS.iter().filter_map(|declared| stack.functions.get(declared.id)).collect();
    // The functions with a method of their own, by path.
    let mut own: BTreeMap<String, BTreeMap<&str, &str>> = BTreeMap::new();
    let mut all: BTreeSet<String> = BTreeSet::new();
    for function in &functions {
        for route in &function.routes {
            if let RouteKey::Path { method, path } = &route.key {
                all.insert(in_router(path));
                if let Some(method) = method {
                    own.entry(in_router(path)).or_default().insert(method, &function.bin);
                }
            }
        }
    }
    let mut router = String::new();
    for function in functions {
        let paths = function.routes.iter().filter_map(|route| match &route.key {
            RouteKey::Path { method: None, path } => Some(in_router(path)),
            RouteKey::Path { method: Some(_), .. } => None,
            RouteKey::Default => Some("/{*path}".to_owned()),
        });
        let paths = paths.flat_map(|path| beside_parameters(path, &all));
        for path in paths.collect::<BTreeSet<_>>() {
            let value = match own.get(&path) {
                None => format!("\"{}\"", function.bin),
                Some(own) => by_method(own, &function.bin),
            };
            // Writing to a String cannot fail.
            let _ = writeln!(router, "\"{path}\" = {value}");
        }
    }
    router
}

/// A path of the gateway in the router's form.
fn in_router(path: &str) -> String {
    path.replace("{proxy+}", "{*path}")
}

/// The paths of the router for one of the gateway. The router does not take all paths below
/// a collection beside one with a parameter there: such a collection names the parameter too.
fn beside_parameters(path: String, all: &BTreeSet<String>) -> Vec<String> {
    let Some(collection) = path.strip_suffix("{*path}").filter(|it| it.len() > 1) else { return vec![path] };
    let below = all.iter().filter_map(|other| other.strip_prefix(collection)?.split('/').next());
    match below.filter(|segment| segment.starts_with('{') && !segment.starts_with("{*")).min() {
        None => vec![path],
        Some(parameter) => {
            ["", "/", "/{*path}"].map(|rest| format!("{collection}{parameter}{rest}")).to_vec()
        }
    }
}

/// The table of a path whose methods in `own` lead to other functions.
fn by_method(own: &BTreeMap<&str, &str>, rest: &str) -> String {
    let lines = METHODS.iter().map(|method| {
        let function = own.get(method).unwrap_or(&rest);
        format!("    {{ method = \"{method}\", function = \"{function}\" }},\n")
    });
    format!("[\n{}]", lines.collect::<String>())
}

/// The variables of all functions, with their values on this machine.
pub(super) fn variables(template: &Template) -> Result<String, String> {
    let parameters = parameters(PUBLIC_URL);
    let stack = Stack::of(template, &parameters).map_err(|error| error.to_string())?;
    let mut known: BTreeMap<&str, &str> = BTreeMap::new();
    let mut lines = String::new();
    let own = FUNCTIONS.iter().map(|function| (function.id, function.variables));
    let all = FUNCTIONS.iter().map(|function| (function.id, CommonConfig::VARIABLES)).chain(own);
    for (id, variable) in all.flat_map(|(id, variables)| variables.iter().map(move |it| (id, it.name))) {
        let value = stack.functions.get(id).and_then(|function| function.variables.get(variable));
        let value = value.map(String::as_str).ok_or_else(|| format!("{id} has no variable {variable}"))?;
        match known.insert(variable, value) {
            None => {
                // `cargo lambda` does not read a value with an equals sign otherwise.
                let quote = if value.contains('=') { "\"" } else { "" };
                let _ = writeln!(lines, "{variable}={quote}{value}{quote}");
            }
            Some(before) if before == value => {}
            Some(_) => return Err(format!("{variable} has two values, and `cargo lambda watch` one file")),
        }
    }
    Ok(format!(
        "# Variables of every function in `cargo lambda watch` (Cargo.toml names this file),\n\
         # which then calls `cargo run -- cloud`. Written from the code by\n\
         # `cargo run -- write`. A deployment and `cargo run` take the variables from\n\
         # template.yaml instead. `cargo run` also reads the file `.env` in the working\n\
         # folder: parameters of template.yaml, one a line; names in capitals are ignored:\n\
         #\n\
         #     ReservationMinutes=1\n\
         #     AllowedOrigins=loopback,http://shop.test:5173\n\n\
         {lines}\n\
         # The local cloud accepts any credentials; the SDK requires some.\n\
         AWS_ENDPOINT_URL=http://127.0.0.1:{}\n\
         AWS_REGION={REGION}\n\
         AWS_ACCESS_KEY_ID=local\n\
         AWS_SECRET_ACCESS_KEY=local\n",
        crate::stack::CLOUD_PORT
    ))
}
