//! `template.yaml`: a block for each function, the boundary's statements, the URLs of
//! the dead-letter queues, and the alarms with the dashboard.

use std::collections::BTreeMap;

use shared::http::documents::Documents;

use super::{
    blocks::fill,
    function,
    head::Head,
    policy,
    routes::{Documented, is_default, routes},
    variables::dead_letters,
    yaml::Yaml,
};
use crate::{
    functions::{Declared, FUNCTIONS, Kind},
    monitoring,
    settings::parameters,
    stack::{Stack, Template},
};

/// The template with its generated blocks.
pub(super) fn template(text: &str) -> Result<String, String> {
    if let Some(unknown) = policy::unknown_bins().first() {
        return Err(unknown.clone());
    }
    let head = Head::of(text)?;
    let paths: Vec<Vec<Documented>> = FUNCTIONS.iter().map(paths).collect();
    let routes = routes(&paths)?;
    let mut blocks = BTreeMap::from([
        ("FunctionBoundary".to_owned(), policy::boundary()),
        ("DeadLetters".to_owned(), outputs()),
        // Generated from all the rest, which is not complete yet.
        (monitoring::BLOCK.to_owned(), String::new()),
    ]);
    for (at, function) in FUNCTIONS.iter().enumerate() {
        head.check(function)?;
        let own = routes.get(&at).map(Vec::as_slice).unwrap_or_default();
        let block = function::block(function, own, is_default(&paths[at]), &head)?;
        blocks.insert(function.id.to_owned(), block);
    }
    let stack = stack(&fill(text, &blocks)?)?;
    blocks.insert(monitoring::BLOCK.to_owned(), format!("\n{}", monitoring::resources(&stack)));
    fill(text, &blocks)
}

/// The paths of a function.
fn paths(function: &Declared) -> Vec<Documented> {
    let documents = function.openapi.map(|openapi| openapi());
    let paths = documents.iter().flat_map(Documents::paths);
    paths.map(|(path, only_read)| Documented { path: path.to_owned(), only_read }).collect()
}

/// The stack of a template's text.
pub(super) fn stack(template: &str) -> Result<Stack, String> {
    let template = Template::parse(template).map_err(|error| error.to_string())?;
    Stack::of(&template, &parameters("https://agora.example")).map_err(|error| error.to_string())
}

/// The URLs of the dead-letter queues, for operators.
fn outputs() -> String {
    let sets_aside = |function: &&Declared| {
        let variable = function.variables.iter().any(|variable| variable.name == "DEAD_LETTER_QUEUE_URL");
        function.kind == Kind::Queue || variable
    };
    let mut yaml = Yaml::default();
    for queue in FUNCTIONS.iter().filter(sets_aside).map(|function| dead_letters(function.id)) {
        yaml.line(2, format_args!("{queue}Url:"));
        yaml.line(4, format_args!("Value: !Ref {queue}"));
    }
    yaml.into_text()
}
