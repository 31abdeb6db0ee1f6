//! Drift of the hand-written parts of `template.yaml`: functions, folders, the
//! publisher's mapping, the properties of [`super::production`] and the limits of
//! [`super::limits`]; and misdirected routes. The generated parts are checked by
//! [`super::written`].

use std::{collections::BTreeSet, fs, path::PathBuf};

use local::{
    functions::FUNCTIONS,
    settings::parameters,
    stack::{Stack, Template},
};
use serde_json::{Value, json};

/// The template of the repository.
pub fn template() -> Template {
    Template::read(&Template::path()).unwrap()
}

fn stack(template: &Template) -> Result<Stack, String> {
    Stack::of(template, &parameters("https://agora.example")).map_err(|error| error.to_string())
}

/// Every difference between the template and the code.
pub fn drift(template: &Template) -> Vec<String> {
    match stack(template) {
        Err(error) => vec![error],
        Ok(stack) => [
            functions_drift(&stack),
            folders_drift(template),
            generated_ids(template),
            routes_drift(&stack),
            mapping_drift(&stack),
            super::production::faults(template, &stack),
            super::limits::faults(template, &stack),
        ]
        .concat(),
    }
}

fn differences<T: Ord + std::fmt::Debug>(
    what: &str,
    template: &BTreeSet<T>,
    code: &BTreeSet<T>,
) -> Vec<String> {
    let only = |one: &BTreeSet<T>, other: &BTreeSet<T>, where_: &str| {
        one.difference(other).map(|it| format!("{what}: {it:?} only in {where_}")).collect::<Vec<_>>()
    };
    [only(template, code, "the template"), only(code, template, "the code")].concat()
}

fn functions_drift(stack: &Stack) -> Vec<String> {
    let template = stack.functions.keys().map(String::as_str).collect();
    differences("functions", &template, &FUNCTIONS.iter().map(|declared| declared.id).collect())
}

/// Every folder below `functions/` is the code of a function.
fn folders_drift(template: &Template) -> Vec<String> {
    let folders = fs::read_dir(root("functions")).unwrap();
    let folders = folders.map(|entry| format!("functions/{}/", entry.unwrap().file_name().to_string_lossy()));
    let resources = template.value["Resources"].as_object().unwrap().values();
    let uris = resources.filter_map(|resource| resource["Properties"]["CodeUri"].as_str()).map(str::to_owned);
    differences("folders", &uris.collect(), &folders.collect())
}

/// Resources with the id of a permission that SAM makes for an event: `CloudFormation`
/// refuses such a template, and neither `sam validate` nor cfn-lint does.
fn generated_ids(template: &Template) -> Vec<String> {
    let resources = template.value["Resources"].as_object().unwrap();
    let generated = resources.iter().flat_map(|(id, resource)| {
        let events = resource["Properties"]["Events"].as_object().into_iter().flatten();
        events.map(move |(event, _)| format!("{id}{event}Permission"))
    });
    let taken = generated.filter(|id| resources.contains_key(id));
    taken.map(|id| format!("{id}: SAM makes a resource of this id")).collect()
}

fn root(path: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).join(path)
}

/// Every path that a group documents leads to that group's function, with and without
/// a slash at its end.
fn routes_drift(stack: &Stack) -> Vec<String> {
    let routes = local::gateway::Routes::of(stack);
    let groups: Vec<_> =
        FUNCTIONS.iter().filter_map(|declared| Some((declared.id, declared.openapi?()))).collect();
    let mut faults = Vec::new();
    for (id, documents) in groups {
        let document = shared::http::documents::merge(vec![documents]);
        for (path, item) in document["paths"].as_object().unwrap() {
            for method in item.as_object().unwrap().keys() {
                for path in [path.clone(), format!("{path}/")] {
                    let upper: http::Method = method.to_uppercase().parse().unwrap();
                    let found = routes.find(&upper, &path);
                    if found != Some(id) {
                        faults.push(format!("routes: {method} {path} leads to {found:?}, not {id}"));
                    }
                }
            }
        }
    }
    faults
}

/// The publisher reads the whole stream, filtered to items with events.
fn mapping_drift(stack: &Stack) -> Vec<String> {
    let mut faults = Vec::new();
    let streams = stack.functions.get("Publisher").map(|function| function.streams.as_slice());
    let filter: Value = json!({ "dynamodb": { "NewImage": {
        shared::table::item::EVENTS: { "S": [{ "exists": true }] } } } });
    match streams.unwrap_or_default() {
        [mapping] => {
            let filters: Vec<Value> =
                mapping.filters.iter().map(|text| serde_json::from_str(text).unwrap()).collect();
            if filters != [filter] {
                faults.push(format!("Publisher: filters are {filters:?}"));
            }
            if !(mapping.from_the_start && mapping.bisects && mapping.reports_failures) {
                faults.push("Publisher: from TRIM_HORIZON, bisecting, with partial failures".to_owned());
            }
            if mapping.retries.is_some() || mapping.maximum_age.is_some() {
                faults.push("Publisher: no record is skipped for its retries or age".to_owned());
            }
        }
        mappings => faults.push(format!("Publisher: has {} stream mappings, not one", mappings.len())),
    }
    faults
}
