//! Everything in which `template.yaml` and the code differ: functions, folders,
//! routes, variables, prefixes, secrets, mappings, queues, logs; and what
//! [`super::production`] misses.

use std::{collections::BTreeSet, fs, path::PathBuf};

use local::{
    functions::{Declared, FUNCTIONS},
    platform::parameters,
    stack::{Effect, Function, RouteKey, Stack, Template},
};
use serde_json::{Value, json};
use shared::{
    config::{CommonConfig, Configuration as _},
    table::schema::{KeyTemplate, SCHEMA},
};

/// The template as it stands.
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
            watch_drift(&stack),
            routes_drift(&stack),
            variables_drift(&stack),
            prefixes_drift(&stack),
            secrets_drift(&stack),
            mappings_drift(&stack),
            schedules_drift(&stack),
            queues_drift(&stack),
            logs_drift(template, &stack),
            super::production::faults(template, &stack),
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

/// What the code says of a function.
fn declared(function: &Function) -> Option<&'static Declared> {
    FUNCTIONS.iter().find(|declared| declared.id == function.id)
}

fn functions_drift(stack: &Stack) -> Vec<String> {
    let template = stack.functions.keys().map(String::as_str).collect();
    differences("functions", &template, &FUNCTIONS.iter().map(|declared| declared.id).collect())
}

/// Every folder below `functions/` is some function's code.
fn folders_drift(template: &Template) -> Vec<String> {
    let folders = fs::read_dir(root("functions")).unwrap();
    let folders = folders.map(|entry| format!("functions/{}/", entry.unwrap().file_name().to_string_lossy()));
    let resources = template.value["Resources"].as_object().unwrap().values();
    let uris = resources.filter_map(|resource| resource["Properties"]["CodeUri"].as_str()).map(str::to_owned);
    differences("folders", &uris.collect(), &folders.collect())
}

/// `cargo lambda watch` has the gateway's routes in `Cargo.toml`, and every
/// variable without a default in `.env.example`.
fn watch_drift(stack: &Stack) -> Vec<String> {
    let manifest: toml::Table = fs::read_to_string(root("Cargo.toml")).unwrap().parse().unwrap();
    let router = manifest["workspace"]["metadata"]["lambda"]["watch"]["router"].as_table().unwrap();
    let mut faults = Vec::new();
    let mut covers = |path: &str, bin: &str| {
        let path = path.replace("{proxy+}", "{*path}");
        let exact = router.get(&path);
        let below = router.iter().filter(|(entry, _)| {
            let prefix = entry.strip_suffix("{*path}");
            // No wildcard is empty.
            prefix.is_some_and(|prefix| path.starts_with(prefix) && path != prefix)
        });
        let found = exact.or_else(|| below.max_by_key(|(entry, _)| entry.len()).map(|(_, found)| found));
        if found.and_then(toml::Value::as_str) != Some(bin) {
            faults.push(format!("watch: {path} does not lead to {bin} in Cargo.toml"));
        }
    };
    for function in stack.functions.values() {
        for route in &function.routes {
            match &route.key {
                RouteKey::Path { path, .. } => covers(path, &function.bin),
                RouteKey::Default => covers("/{*path}", &function.bin),
            }
        }
    }
    let example = fs::read_to_string(root(".env.example")).unwrap();
    let given: BTreeSet<&str> =
        example.lines().filter_map(|line| line.split_once('=')).map(|(name, _)| name).collect();
    for function in stack.functions.values() {
        let names = function.variables.keys().map(String::as_str);
        // A number has the same default in the template and in the code.
        let missing = names.filter(|name| !given.contains(name) && !name.starts_with("PASSWORD_"));
        faults.extend(missing.map(|name| format!("watch: {name} of {} is not in .env.example", function.id)));
    }
    faults
}

fn root(path: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).join(path)
}

/// Every path that a group documents leads to that group's function, with and
/// without a slash behind.
fn routes_drift(stack: &Stack) -> Vec<String> {
    let routes = local::gateway::Routes::of(stack);
    let groups: Vec<_> =
        FUNCTIONS.iter().filter_map(|declared| Some((declared.id, declared.openapi?()))).collect();
    let called = stack.functions.values().filter(|function| !function.routes.is_empty());
    let called = called.map(|function| function.id.as_str()).collect();
    let mut faults =
        differences("functions with routes", &called, &groups.iter().map(|(id, _)| *id).collect());
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
    let defaults = |function: &&Function| function.routes.iter().any(|route| route.key == RouteKey::Default);
    let defaults: Vec<_> = stack.functions.values().filter(defaults).map(|function| &function.id).collect();
    if defaults != ["Web"] {
        faults.push(format!("routes: $default leads to {defaults:?}, not Web"));
    }
    faults
}

fn variables_drift(stack: &Stack) -> Vec<String> {
    let one = |function: &Function| {
        let own = declared(function).map(|declared| declared.variables).unwrap_or_default();
        let code = own.iter().chain(CommonConfig::VARIABLES).copied().collect();
        let template = function.variables.keys().map(String::as_str).collect();
        differences(&format!("variables of {}", function.id), &template, &code)
    };
    stack.functions.values().flat_map(one).collect()
}

/// The prefixes that a function's policy lets it read and write are those that
/// the schema says that it reads and writes.
fn prefixes_drift(stack: &Stack) -> Vec<String> {
    const READS: [&str; 3] = ["dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"];
    const WRITES: [&str; 4] =
        ["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:ConditionCheckItem"];
    let bins: BTreeSet<&str> = stack.functions.values().map(|function| function.bin.as_str()).collect();
    let named = SCHEMA.iter().flat_map(|row| row.written_by.iter().chain(row.read_by)).copied();
    let unknown = named.filter(|bin| !bins.contains(bin));
    let mut faults: Vec<String> = unknown.map(|bin| format!("schema: {bin} is no function's bin")).collect();
    for function in stack.functions.values() {
        let allowed = |actions: &[&str]| -> BTreeSet<String> {
            let statements = function.statements.iter().filter(|statement| {
                statement.effect == Effect::Allow
                    && statement.actions.iter().any(|action| actions.contains(&action.as_str()))
            });
            statements
                .flat_map(|statement| {
                    let keys = statement.conditions.get("ForAllValues:StringLike");
                    let keys = keys.and_then(|keys| keys.get("dynamodb:LeadingKeys")).cloned();
                    keys.unwrap_or_else(|| vec!["(any key)".to_owned()])
                })
                .collect()
        };
        let declared = |of: fn(&KeyTemplate) -> &'static [&'static str]| -> BTreeSet<String> {
            let rows = SCHEMA.iter().filter(|row| of(row).contains(&function.bin.as_str()));
            rows.map(KeyTemplate::leading_key).collect()
        };
        let name = |what: &str| format!("{what} prefixes of {}", function.id);
        faults.extend(differences(&name("read"), &allowed(&READS), &declared(|row| row.read_by)));
        faults.extend(differences(&name("write"), &allowed(&WRITES), &declared(|row| row.written_by)));
        for statement in &function.statements {
            let bounded = statement.conditions.contains_key("ForAllValues:StringLike");
            let null = statement.conditions.get("Null").and_then(|keys| keys.get("dynamodb:LeadingKeys"));
            if bounded && null != Some(&vec!["false".to_owned()]) {
                faults.push(format!(
                    "{}: leading keys without Null are true of a request without keys",
                    function.id
                ));
            }
            let wild = |action: &&String| action.contains('*') || action.as_str() == "dynamodb:Scan";
            faults.extend(
                statement.actions.iter().filter(wild).map(|it| format!("{}: allows {it}", function.id)),
            );
        }
    }
    faults
}

/// A function's policy names just the secrets that it reads.
fn secrets_drift(stack: &Stack) -> Vec<String> {
    let one = |function: &Function| {
        let statements =
            function.statements.iter().filter(|it| it.actions.contains(&"ssm:GetParameters".to_owned()));
        let names =
            statements.flat_map(|statement| &statement.resources).filter_map(|it| it.rsplit('/').next());
        let own = declared(function).map(|declared| declared.secrets).unwrap_or_default();
        let code = own.iter().map(|secret| secret.name).collect();
        differences(&format!("secrets of {}", function.id), &names.collect(), &code)
    };
    stack.functions.values().flat_map(one).collect()
}

/// The publisher reads the whole stream, and only what has events; each
/// consumer gets what it listens to.
fn mappings_drift(stack: &Stack) -> Vec<String> {
    let mut faults = Vec::new();
    let streams = stack.functions["Publisher"].streams.as_slice();
    let filter: Value = json!({ "dynamodb": { "NewImage": {
        shared::table::item::EVENTS: { "S": [{ "exists": true }] } } } });
    match streams {
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
    for function in stack.functions.values().filter(|function| !function.queues.is_empty()) {
        let rules = stack.rules.iter().filter(|rule| {
            rule.targets
                .iter()
                .any(|target| function.queues.iter().any(|mapping| mapping.queue == target.arn))
        });
        let types: BTreeSet<&str> = rules
            .flat_map(|rule| rule.pattern["detail-type"].as_array().into_iter().flatten())
            .filter_map(Value::as_str)
            .collect();
        let code = declared(function).map(|declared| declared.listens_to).unwrap_or_default();
        faults.extend(differences(
            &format!("events of {}", function.id),
            &types,
            &code.iter().copied().collect(),
        ));
        if !function.queues.iter().all(|mapping| mapping.reports_failures) {
            faults.push(format!("{}: one failure would bring the whole batch again", function.id));
        }
    }
    for Declared { id, .. } in FUNCTIONS.iter().filter(|declared| !declared.listens_to.is_empty()) {
        if stack.functions.get(*id).is_none_or(|function| function.queues.is_empty()) {
            faults.push(format!("{id}: listens to events and has no queue"));
        }
    }
    faults
}

/// The clock starts what is made for it, as often as that wants.
fn schedules_drift(stack: &Stack) -> Vec<String> {
    let template = stack.functions.values().flat_map(|function| {
        function.schedules.iter().map(|schedule| (function.id.as_str(), schedule.expression.as_str()))
    });
    let code = FUNCTIONS.iter().filter_map(|declared| Some((declared.id, declared.schedule?)));
    differences("schedules", &template.collect(), &code.collect())
}

fn queues_drift(stack: &Stack) -> Vec<String> {
    let mut faults = Vec::new();
    for function in stack.functions.values() {
        for mapping in &function.queues {
            let queue = stack.queue_by_arn(&mapping.queue).unwrap();
            if queue.redrive.is_none() {
                faults.push(format!("{}: has no dead-letter queue", queue.id));
            }
            if queue.visibility < function.timeout * 6 {
                faults.push(format!(
                    "{}: visibility is under six times the time-out of {}",
                    queue.id, function.id
                ));
            }
        }
    }
    for rule in &stack.rules {
        for target in rule.targets.iter().filter(|target| target.dead_letters.is_none()) {
            faults.push(format!("{}: target {} has no dead-letter queue", rule.id, target.id));
        }
    }
    faults
}

fn logs_drift(template: &Template, stack: &Stack) -> Vec<String> {
    let resources = &template.value["Resources"];
    let missing = stack.functions.keys().filter(|id| {
        let group = &resources[id.as_str()]["Properties"]["LoggingConfig"]["LogGroup"]["Ref"];
        let group = group.as_str().map(|group| &resources[group]);
        group.is_none_or(|group| group["Properties"]["RetentionInDays"].is_null())
    });
    missing.map(|id| format!("{id}: has no log group with a retention")).collect()
}
