//! The shape of the code: modules do not import each other in a circle, and no code
//! bypasses the permission table or the table's schema.

use std::collections::{BTreeMap, BTreeSet};

use super::vocabulary::{code, sources};

/// A crate's modules by path, each with the modules that it uses.
type Graph = BTreeMap<Vec<String>, BTreeSet<Vec<String>>>;

/// The crate and the module of a file: `shared/src/table/item.rs` is `table::item`.
fn place(path: &str) -> (String, Vec<String>) {
    let (root, rest) = path.split_once("/src/").unwrap();
    let mut module: Vec<String> = rest.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
    if module.last().is_some_and(|last| last == "mod") {
        module.pop();
    }
    (root.to_owned(), module)
}

/// Expands a tree of `use` into paths.
fn flat(tree: &str) -> Vec<String> {
    let Some((prefix, rest)) = tree.split_once('{') else { return vec![tree.trim().to_owned()] };
    let inner = rest.rsplit_once('}').map_or(rest, |(inner, _)| inner);
    let (mut depth, mut begin, mut parts) = (0, 0, Vec::new());
    for (at, character) in inner.char_indices() {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&inner[begin..at]);
                begin = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&inner[begin..]);
    let parts = parts.into_iter().map(str::trim).filter(|part| !part.is_empty());
    parts.flat_map(flat).map(|part| format!("{}{part}", prefix.trim())).collect()
}

/// Paths of the own crate that a file uses, from the crate's root.
fn uses(module: &[String], text: &str) -> Vec<Vec<String>> {
    let mut paths = Vec::new();
    let code = code(text);
    for statement in code.split("use ").skip(1) {
        let tree = statement.split(';').next().unwrap();
        if ["crate::", "super::", "self::"].iter().any(|root| tree.starts_with(root)) {
            paths.extend(flat(tree));
        }
    }
    for (at, root) in code.match_indices("crate::") {
        // `$crate::` refers to the crate in which a macro is expanded.
        if !code[..at].ends_with('$') {
            let rest = code[at + root.len()..].chars();
            let path: String = rest.take_while(|c| c.is_alphanumeric() || "_:".contains(*c)).collect();
            paths.push(format!("crate::{path}"));
        }
    }
    paths
        .iter()
        .map(|path| {
            let mut from: Vec<String> = Vec::new();
            for (at, part) in path.split("::").enumerate() {
                match part {
                    "crate" if at == 0 => {}
                    "self" if at == 0 => from = module.to_vec(),
                    "super" if at == 0 => from = module[..module.len().saturating_sub(1)].to_vec(),
                    "super" => drop(from.pop()),
                    part => from.push(part.split(' ').next().unwrap().to_owned()),
                }
            }
            from
        })
        .collect()
}

fn graphs() -> BTreeMap<String, Graph> {
    let mut graphs: BTreeMap<String, Graph> = BTreeMap::new();
    let files: Vec<_> = sources().into_iter().map(|(path, text)| (place(&path), text)).collect();
    for ((root, module), _) in &files {
        graphs.entry(root.clone()).or_default().entry(module.clone()).or_default();
    }
    for ((root, module), text) in &files {
        let graph = graphs.get_mut(root).unwrap();
        for path in uses(module, text) {
            let known = (1..=path.len()).rev().map(|length| &path[..length]);
            let target = known.into_iter().find(|path| graph.contains_key(*path)).map(<[String]>::to_vec);
            if let Some(target) = target.filter(|target| target != module) {
                graph.get_mut(module).unwrap().insert(target);
            }
        }
    }
    graphs
}

/// A cycle through `from`, if there is one.
fn circle(from: &str, edges: &BTreeMap<String, BTreeSet<String>>) -> Option<Vec<String>> {
    let mut ways = vec![vec![from.to_owned()]];
    let mut seen = BTreeSet::new();
    while let Some(way) = ways.pop() {
        for next in edges.get(way.last().unwrap()).into_iter().flatten() {
            if next == from {
                return Some(way);
            }
            if seen.insert(next.clone()) {
                let mut longer = way.clone();
                longer.push(next.clone());
                ways.push(longer);
            }
        }
    }
    None
}

/// The uses between modules of the same folder.
fn siblings(graph: &Graph, parent: &[String]) -> BTreeMap<String, BTreeSet<String>> {
    let mut edges: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let depth = parent.len();
    let child =
        |module: &Vec<String>| (module.starts_with(parent)).then(|| module.get(depth).cloned()).flatten();
    for (module, used) in graph {
        for target in used {
            if let (Some(from), Some(to)) = (child(module), child(target))
                && from != to
                && !["lib", "main"].contains(&from.as_str())
            {
                edges.entry(from).or_default().insert(to);
            }
        }
    }
    edges
}

#[test]
fn no_modules_import_each_other_in_a_circle() {
    let graphs = graphs();
    assert!(graphs.len() >= 9, "{:?}", graphs.keys());
    let mut circles = Vec::new();
    for (root, graph) in &graphs {
        let parents: BTreeSet<&[String]> =
            graph.keys().map(|module| &module[..module.len().saturating_sub(1)]).collect();
        for parent in parents {
            let edges = siblings(graph, parent);
            let found = edges.keys().find_map(|from| circle(from, &edges));
            circles.extend(found.map(|way| format!("{root} {parent:?}: {way:?}")));
        }
    }
    assert!(circles.is_empty(), "{circles:#?}");
}

#[test]
fn a_circle_is_found() {
    let edges = [("a", "b"), ("b", "c"), ("c", "a"), ("d", "a")]
        .map(|(from, to)| (from.to_owned(), BTreeSet::from([to.to_owned()])));
    let edges = BTreeMap::from(edges);
    assert_eq!(circle("a", &edges).unwrap(), ["a", "b", "c"]);
    assert_eq!(circle("d", &edges), None);
    let tree = "crate::{a::{self, b}, c}";
    assert_eq!(flat(tree), ["crate::a::self", "crate::a::b", "crate::c"]);
}

/// Permissions are decided by the permission table: no other code compares roles.
#[test]
fn no_code_compares_a_role_outside_identity() {
    let asks = ["== Role::", "!= Role::", "Role::Admin =>", "Role::User =>", "matches!(role"];
    let elsewhere = sources().into_iter().filter(|(path, _)| !path.starts_with("shared/src/identity"));
    let found: Vec<_> = elsewhere
        .flat_map(|(path, text)| {
            let lines = code(&text).lines().map(str::to_owned).collect::<Vec<_>>();
            lines.into_iter().map(move |line| format!("{path}: {}", line.trim()))
        })
        .filter(|line| asks.iter().any(|ask| line.contains(ask)))
        .collect();
    assert!(found.is_empty(), "{found:#?}\nask `Caller::may`, or what `identity::User` says");
}

/// Keys are spelled in `schema.rs` only. The events name the keys of the items that
/// carry them, for the publisher's comparison.
#[test]
fn no_code_spells_a_key_outside_the_schema() {
    let is_key = |literal: &str| {
        let head = literal.split(['#', '{']).next().unwrap();
        let is_name = head.len() > 2 && head.chars().all(|c| c.is_ascii_uppercase() || c == '_');
        (is_name && literal.contains('#')) || literal.contains("gsi1") || literal.contains("gsi4")
    };
    let mut found = Vec::new();
    for (path, text) in sources() {
        let names = ["shared/src/table/schema.rs", "shared/src/bus/events.rs"];
        if path.starts_with("local/") || names.contains(&path.as_str()) {
            continue;
        }
        for line in code(&text).lines() {
            let literals = line.split('"').skip(1).step_by(2);
            found.extend(literals.filter(|literal| is_key(literal)).map(|it| format!("{path}: {it}")));
        }
    }
    assert!(found.is_empty(), "{found:#?}\na key is made by a row of schema.rs");
}
