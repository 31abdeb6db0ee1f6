//! `docs/stack.md`: the groups, and functions, queues and events as a Mermaid diagram,
//! which GitHub and most editors draw.

use serde_json::Value;

use crate::{
    functions::{Declared, FUNCTIONS, Kind},
    stack::{Function, Stack, queue_url},
};

/// The groups, in the order of their functions.
pub(super) fn groups() -> Vec<String> {
    let mut groups: Vec<String> = Vec::new();
    for group in FUNCTIONS.iter().map(Declared::group) {
        if !groups.contains(&group) {
            groups.push(group);
        }
    }
    groups
}

/// The page, with the description of each group.
pub(super) fn page(stack: &Stack, groups: &[(String, String)]) -> String {
    let groups: String = groups.iter().map(|(group, about)| row(group, about)).collect();
    format!(
        "# Groups, functions, queues and events\n\n\
         Written from the code by `cargo run -- write`.\n\n\
         | group | about | functions |\n|---|---|---|\n{groups}\n\
         A solid arrow is a call or a delivery, a dotted\n\
         one a message that could not be handled. A function reads and writes the table with the key\n\
         prefixes that `shared/src/table/schema.rs` grants it.\n\n\
         ```mermaid\nflowchart LR\n{}```\n",
        lines(stack)
    )
}

/// A group with its functions and their triggers.
fn row(group: &str, about: &str) -> String {
    let functions = FUNCTIONS.iter().filter(|function| function.group() == group);
    let functions = functions.map(|function| {
        let start = match function.kind {
            Kind::Http => "HTTP",
            Kind::Queue => "queue",
            Kind::Stream => "stream",
            Kind::Schedule => "clock",
        };
        format!("{} ({start})", function.id)
    });
    format!("| {group} | {about} | {} |\n", functions.collect::<Vec<_>>().join(", "))
}

fn lines(stack: &Stack) -> String {
    let mut lines = vec!["callers([callers]) --> Api{{HTTP API}}".to_owned()];
    let functions: Vec<&Function> =
        FUNCTIONS.iter().filter_map(|declared| stack.functions.get(declared.id)).collect();
    for function in &functions {
        let id = &function.id;
        if !function.routes.is_empty() {
            lines.push(format!("Api --> {id}"));
        }
        lines.extend(
            function.schedules.iter().map(|it| format!("{id}Clock([\"{}\"]) --> {id}", it.expression)),
        );
        lines.extend(function.streams.iter().map(|_| format!("Table -- stream --> {id}")));
        if uses(function, &stack.table.name) {
            lines.push(format!("{id} --> Table[({})]", stack.table.id));
        }
        let buses = stack.buses.iter().filter(|bus| uses(function, &bus.name));
        lines.extend(buses.map(|bus| format!("{id} --> {}{{{{bus}}}}", bus.id)));
        let letters = stack.queues.iter().filter(|queue| uses(function, &queue_url(&queue.name)));
        lines.extend(letters.map(|queue| format!("{id} -.-> {0}[/{0}/]", queue.id)));
    }
    for rule in &stack.rules {
        let bus = stack.buses.iter().find(|bus| bus.name == rule.bus).map_or("", |bus| &bus.id);
        let kinds = rule.pattern["detail-type"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let kinds: Vec<&str> = kinds.collect();
        let queues = rule.targets.iter().filter_map(|target| stack.queue_by_arn(&target.arn));
        lines.extend(
            queues.map(|queue| format!("{bus} -- \"{}\" --> {1}[/{1}/]", kinds.join("<br>"), queue.id)),
        );
    }
    for function in &functions {
        for queue in function.queues.iter().filter_map(|mapping| stack.queue_by_arn(&mapping.queue)) {
            lines.push(format!("{} --> {}", queue.id, function.id));
            let letters =
                queue.redrive.as_ref().and_then(|redrive| stack.queue_by_arn(&redrive.dead_letters));
            lines.extend(letters.map(|letters| format!("{} -.-> {1}[/{1}/]", queue.id, letters.id)));
        }
    }
    lines.into_iter().fold(String::new(), |text, line| text + "  " + &line + "\n")
}

/// True if a variable of the function names the resource.
fn uses(function: &Function, name: &str) -> bool {
    function.variables.values().any(|value| value == name)
}
