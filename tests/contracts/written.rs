//! The output of `agora write` <-> the files of the repository.

use std::{fs, path::Path};

use local::{
    functions::FUNCTIONS,
    write::{
        Repository, Written,
        routes::{Documented, routes},
    },
};

fn stale(repository: &Repository) -> Vec<String> {
    let files = repository.files().unwrap_or_else(|error| panic!("{error}"));
    files.into_iter().filter(Written::is_stale).map(|file| file.path).collect()
}

#[test]
fn every_written_file_is_up_to_date() {
    assert_eq!(stale(&Repository::built_in()), Vec::<String>::new(), "run `cargo run -- write`");
}

/// The written files in a temporary folder.
fn copy() -> (tempfile::TempDir, Repository) {
    let folder = tempfile::tempdir().unwrap();
    for file in Repository::built_in().files().unwrap() {
        let path = folder.path().join(&file.path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, file.text).unwrap();
    }
    // The sources that they are written from.
    for group in fs::read_dir(Repository::built_in().folder().join("functions")).unwrap() {
        let group = group.unwrap();
        let copy = folder.path().join("functions").join(group.file_name());
        fs::create_dir_all(&copy).unwrap();
        fs::copy(group.path().join("Cargo.toml"), copy.join("Cargo.toml")).unwrap();
    }
    let repository = Repository::at(folder.path());
    (folder, repository)
}

fn edit(path: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(path).unwrap();
    assert!(text.contains(from), "{from:?} is not in {}", path.display());
    fs::write(path, text.replacen(from, to, 1)).unwrap();
}

#[test]
fn a_stale_file_is_named_and_mended() {
    let (folder, repository) = copy();
    for (file, from, to) in [
        ("template.yaml", "\"USER#*\", \"LOGIN#*\"", "\"*\""),
        ("template.yaml", "TOKEN_ISSUER: ", "ISSUER: "),
        ("template.yaml", "- product.created", "- product.made"),
        ("template.yaml", "/api/v1/stock/{proxy+}", "/api/v1/stocks/{proxy+}"),
        ("template.yaml", "VisibilityTimeout: 180", "VisibilityTimeout: 30"),
        ("template.yaml", "Threshold: 8000", "Threshold: 9000"),
        ("Cargo.toml", "\"/api/v1/users/\" = \"users-api\"\n", ""),
        (".env.example", "LOW_STOCK=5\n", ""),
        ("functions/web/assets/openapi.json", "\"3.1.0\"", "\"3.0.0\""),
        ("docs/routes.md", "| GET | `/health` |", "| PUT | `/health` |"),
        ("docs/problems.md", "| `not_found` |", "| `found` |"),
        ("functions/web/assets/events.json", "\"user.created\"", "\"user.made\""),
    ] {
        let path = folder.path().join(file);
        let before = fs::read_to_string(&path).unwrap();
        edit(&path, from, to);
        assert_eq!(stale(&repository), [file], "{from} -> {to}");
        assert_eq!(repository.write().unwrap(), [file]);
        assert_eq!(fs::read_to_string(&path).unwrap(), before, "{from} -> {to}");
    }
}

#[test]
fn values_set_by_hand_determine_the_written_blocks() {
    let (folder, repository) = copy();
    let template = folder.path().join("template.yaml");
    edit(
        &template,
        "      CodeUri: functions/orders/\n      Timeout: 30\n",
        "      CodeUri: functions/orders/\n      Timeout: 20\n",
    );
    assert_eq!(stale(&repository), ["template.yaml"]);
    repository.write().unwrap();
    let written = fs::read_to_string(template).unwrap();
    assert!(written.contains("VisibilityTimeout: 120"), "the queue follows its consumer");
    assert!(written.contains("Threshold: 16000"), "and so does the alarm");
}

#[test]
fn errors_of_writing_name_their_cause() {
    let (folder, repository) = copy();
    let template = folder.path().join("template.yaml");
    let said = |from: &str, to: &str| {
        let before = fs::read_to_string(&template).unwrap();
        edit(&template, from, to);
        let error = repository.files().unwrap_err().to_string();
        fs::write(&template, before).unwrap();
        error
    };
    let unbegun = said("# OrdersApi:begin", "# Orders");
    assert!(unbegun.starts_with("template.yaml: the block `OrdersApi` begins or ends"), "{unbegun}");
    let strange = said("# monitoring:begin", "# Strange:begin\n  # Strange:end\n  # monitoring:begin");
    assert!(strange.contains("nothing is written into the block `Strange`"), "{strange}");
    let twice = said("    Default: 20\n", "    Default: 21\n");
    assert!(twice.contains("RegistrationsPerHour: its Default is 21, and 20 where"), "{twice}");
    let unknown = said("Binary: orders-api", "Binary: order-api");
    assert!(unknown.contains("OrdersApi: Metadata.BuildProperties.Binary must be orders-api"), "{unknown}");
}

#[test]
fn a_functions_names_are_those_of_its_logical_id() {
    let names = |id: &str| {
        let declared = FUNCTIONS.iter().find(|declared| declared.id == id).unwrap();
        (declared.bin(), declared.group())
    };
    assert_eq!(names("UsersConsumer"), ("users-consumer".to_owned(), "users".to_owned()));
    assert_eq!(names("Web"), ("web".to_owned(), "web".to_owned()));
}

/// The routes of each function, given by its paths. `GET` before a path makes that its only
/// method.
fn paths(functions: &[&[&str]]) -> Result<Vec<Vec<String>>, String> {
    let documented = |path: &&str| {
        let (path, only_read) = path.strip_prefix("GET ").map_or((*path, false), |path| (path, true));
        Documented { path: path.to_owned(), only_read }
    };
    let functions: Vec<Vec<Documented>> =
        functions.iter().map(|paths| paths.iter().map(documented).collect()).collect();
    let routes = routes(&functions)?.into_values().map(|routes| {
        let named = routes.into_iter().map(|route| match route.method {
            Some(method) => format!("{method} {}", route.path),
            None => route.path,
        });
        named.collect()
    });
    Ok(routes.collect())
}

#[test]
fn a_collection_has_a_route_with_a_slash_and_one_for_all_below() {
    let found = paths(&[&["/api/v1/things", "/api/v1/things/{id}", "/api/v1/old", "/api/v1/health/x"]]);
    let wanted = [
        "/api/v1/health/{proxy+}",
        "/api/v1/old",
        "/api/v1/old/",
        "/api/v1/things",
        "/api/v1/things/",
        "/api/v1/things/{proxy+}",
    ];
    assert_eq!(found.unwrap(), [wanted]);
}

#[test]
fn a_group_below_anothers_collection_has_a_route_of_its_own() {
    let users: &[&str] = &["/api/v1/users", "/api/v1/users/{id}", "/api/v1/users/{id}/export"];
    let events: &[&str] = &["/api/v1/users/{user_id}/tickets", "/api/v1/users/{user_id}/tickets/{id}"];
    let found = paths(&[users, events]).unwrap();
    assert_eq!(found[0], ["/api/v1/users", "/api/v1/users/", "/api/v1/users/{proxy+}"]);
    let below = "/api/v1/users/{user_id}/tickets";
    assert_eq!(found[1], [below.to_owned(), format!("{below}/"), format!("{below}/{{proxy+}}")]);
    assert!(paths(&[users, &["/api/v1/users"]]).is_err(), "two functions cannot have one path");
    assert!(paths(&[&["/{anything}"]]).is_err());
}

#[test]
fn a_collection_that_another_function_reads_is_divided_by_method() {
    let search: &[&str] = &["GET /api/v1/events", "GET /api/v1/events/feed.json"];
    let api: &[&str] = &["/api/v1/events", "/api/v1/events/{event_id}"];
    let below = "/api/v1/events/{proxy+}";
    for (one, other) in [(0, 1), (1, 0)] {
        let both = [[search, api], [api, search]];
        let found = paths(&both[one]).unwrap();
        assert_eq!(found[other], ["/api/v1/events", "/api/v1/events/", below]);
        let read = "/api/v1/events";
        let feed = "/api/v1/events/feed.json";
        let wanted = [
            format!("GET {read}"),
            format!("HEAD {read}"),
            format!("GET {read}/"),
            format!("HEAD {read}/"),
            feed.to_owned(),
            format!("{feed}/"),
        ];
        assert_eq!(found[one], wanted);
    }
    assert!(paths(&[search, search]).is_err(), "two functions that only read have one path");
    assert!(paths(&[api, api]).is_err());
}

/// `cargo lambda` has the router of axum: it refuses paths that the gateway takes.
#[test]
fn the_router_of_cargo_lambda_takes_every_route() {
    let manifest = include_str!("../../Cargo.toml");
    let paths = manifest.lines().filter_map(|line| line.strip_prefix("\"/")?.split_once("\" = "));
    let paths: Vec<String> = paths.map(|(path, _)| format!("/{path}")).collect();
    assert!(paths.len() > 50, "{paths:?}");
    // It panics on two paths that do not go together.
    let _router: axum::Router = paths
        .iter()
        .fold(axum::Router::new(), |router, path| router.route(path, axum::routing::any(async || ())));
}
