//! A function's routes in the gateway, from the paths that its group documents: `ANY`
//! on a collection, with and without a slash at its end, and on all paths below it. A
//! route for each method and path would be four times as many: an HTTP API has 300
//! integrations, and a function's policy 20 KB. Where two functions have a collection,
//! the one that only reads it has its `GET` and `HEAD`.

use std::collections::{BTreeMap, BTreeSet};

/// Common prefix of all groups.
const PREFIX: &str = "/api/v1/";

/// A path that a function documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Documented {
    /// Path.
    pub path: String,
    /// True if `GET` is its only method.
    pub only_read: bool,
}

/// A route of a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// Name of its event.
    pub name: String,
    /// Method; `None` for `ANY`.
    pub method: Option<&'static str>,
    /// Path, in the gateway's form.
    pub path: String,
}

impl Route {
    /// True if it ends in a slash, which SAM's permission for it lacks.
    pub(super) fn ends_in_slash(&self) -> bool {
        self.path.len() > 1 && self.path.ends_with('/')
    }
}

/// The functions' routes, by the index of the function. The function that has the path
/// `/` is also the gateway's default: it needs no routes below its paths.
pub fn routes(functions: &[Vec<Documented>]) -> Result<BTreeMap<usize, Vec<Route>>, String> {
    let mut all: BTreeMap<usize, Vec<Route>> = BTreeMap::new();
    let mut bases: BTreeMap<Vec<&str>, Vec<Path<'_>>> = BTreeMap::new();
    for (function, paths) in functions.iter().enumerate() {
        let own = all.entry(function).or_default();
        if is_default(paths) {
            let fixed = paths.iter().map(|documented| &documented.path).filter(|path| !path.contains('{'));
            own.extend(fixed.map(|path| Route {
                name: name_of(&segments(path)),
                method: None,
                path: path.clone(),
            }));
            continue;
        }
        for Documented { path, only_read } in paths {
            let segments = segments(path);
            let depth = if path.starts_with(PREFIX) { 3 } else { 1 };
            let base = segments.get(..depth).filter(|base| base.iter().all(|it| !it.starts_with('{')));
            let base = base.ok_or_else(|| format!("{path} is not below {PREFIX}<collection> or /<name>"))?;
            bases.entry(base.to_vec()).or_default().push(Path { function, segments, only_read: *only_read });
        }
    }
    for (base, paths) in &bases {
        divide(base.len(), paths, None, &mut all)?;
    }
    for routes in all.values_mut() {
        routes.sort_by(|one, other| (&one.path, one.method).cmp(&(&other.path, other.method)));
    }
    Ok(all)
}

/// True if a function with these paths is the gateway's default.
pub(super) fn is_default(paths: &[Documented]) -> bool {
    paths.iter().any(|documented| documented.path == "/")
}

#[derive(Clone)]
struct Path<'a> {
    function: usize,
    segments: Vec<&'a str>,
    only_read: bool,
}

/// Assigns the paths below their common first segments to one function, and routes of
/// their own to those of another function. `above` has all of them so far.
fn divide(
    depth: usize,
    paths: &[Path<'_>],
    above: Option<usize>,
    all: &mut BTreeMap<usize, Vec<Route>>,
) -> Result<(), String> {
    let Some(common) = paths.first().and_then(|path| path.segments.get(..depth)) else { return Ok(()) };
    let mut collections: BTreeMap<usize, bool> = paths
        .iter()
        .filter(|path| path.segments.len() == depth)
        .map(|path| (path.function, path.only_read))
        .collect();
    if collections.len() > 1 {
        let readers: Vec<usize> =
            collections.iter().filter(|(_, only_read)| **only_read).map(|(function, _)| *function).collect();
        let [reader] = readers[..] else {
            return Err(format!("two functions have /{}", common.join("/")));
        };
        collections.remove(&reader);
        if collections.len() > 1 {
            return Err(format!("three functions have /{}", common.join("/")));
        }
        reading(common, all.entry(reader).or_default());
    }
    let paths: Vec<Path<'_>> = paths
        .iter()
        .filter(|path| path.segments.len() > depth || collections.contains_key(&path.function))
        .cloned()
        .collect();
    let functions: BTreeSet<usize> = paths.iter().map(|path| path.function).collect();
    let most = functions.iter().max_by_key(|function| {
        let own = paths.iter().filter(|path| path.function == **function).count();
        (own, std::cmp::Reverse(**function))
    });
    let owner = collections.keys().next().copied().or(above.filter(|it| functions.contains(it)));
    let Some(owner) = owner.or(most.copied()) else { return Ok(()) };
    if above != Some(owner) {
        let (name, path) = (name_of(common), format!("/{}", common.join("/")));
        let routes = all.entry(owner).or_default();
        if collections.contains_key(&owner) {
            routes.push(Route { name: name.clone(), method: None, path: path.clone() });
            routes.push(Route { name: format!("{name}Slash"), method: None, path: format!("{path}/") });
        }
        if paths.iter().any(|it| it.function == owner && it.segments.len() > depth) {
            let path = format!("{path}/{{proxy+}}");
            routes.push(Route { name: format!("{name}Below"), method: None, path });
        }
    }
    let mut below: BTreeMap<&str, Vec<Path<'_>>> = BTreeMap::new();
    for path in paths.iter().filter(|path| path.segments.len() > depth) {
        // The gateway does not distinguish parameters by name.
        let next = if path.segments[depth].starts_with('{') { "{}" } else { path.segments[depth] };
        below.entry(next).or_default().push(path.clone());
    }
    below.retain(|_, paths| paths.iter().any(|path| path.function != owner));
    below.values().try_for_each(|paths| divide(depth + 1, paths, Some(owner), all))
}

/// The routes of the function that reads a collection which another one changes.
fn reading(collection: &[&str], routes: &mut Vec<Route>) {
    let (name, path) = (name_of(collection), format!("/{}", collection.join("/")));
    for (suffix, method) in [("Get", "GET"), ("Head", "HEAD")] {
        let (name, method) = (format!("{name}{suffix}"), Some(method));
        routes.push(Route { name: name.clone(), method, path: path.clone() });
        routes.push(Route { name: format!("{name}Slash"), method, path: format!("{path}/") });
    }
}

fn segments(path: &str) -> Vec<&str> {
    path.strip_prefix('/').unwrap_or(path).split('/').collect()
}

/// `ProductsWithCategory` of `/api/v1/products_with_category`.
fn name_of(segments: &[&str]) -> String {
    let prefix: Vec<&str> = PREFIX.trim_matches('/').split('/').collect();
    let own = segments.strip_prefix(prefix.as_slice()).unwrap_or(segments);
    let words = own.iter().flat_map(|segment| segment.split(|letter: char| !letter.is_ascii_alphanumeric()));
    let name: String = words.filter(|word| !word.is_empty()).map(capitalised).collect();
    if name.is_empty() { "Root".to_owned() } else { name }
}

/// A word with its first letter in upper case.
pub(super) fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters.map(|letter| letter.to_ascii_lowercase())).collect()
}
