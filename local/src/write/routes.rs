//! A function's routes in the gateway, from the paths that its group documents: `ANY`
//! on a collection, with and without a slash at its end, and on all paths below it. A
//! route for each method and path would be four times as many: an HTTP API has 300
//! integrations, and a function's policy 20 KB.

use std::collections::{BTreeMap, BTreeSet};

/// Common prefix of all groups.
const PREFIX: &str = "/api/v1/";

/// A route of a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// Name of its event.
    pub name: String,
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
pub fn routes(functions: &[Vec<String>]) -> Result<BTreeMap<usize, Vec<Route>>, String> {
    let mut all: BTreeMap<usize, Vec<Route>> = BTreeMap::new();
    let mut bases: BTreeMap<Vec<&str>, Vec<Path<'_>>> = BTreeMap::new();
    for (function, paths) in functions.iter().enumerate() {
        let own = all.entry(function).or_default();
        if is_default(paths) {
            let fixed = paths.iter().filter(|path| !path.contains('{'));
            own.extend(fixed.map(|path| Route { name: name_of(&segments(path)), path: path.clone() }));
            continue;
        }
        for path in paths {
            let segments = segments(path);
            let depth = if path.starts_with(PREFIX) { 3 } else { 1 };
            let base = segments.get(..depth).filter(|base| base.iter().all(|it| !it.starts_with('{')));
            let base = base.ok_or_else(|| format!("{path} is not below {PREFIX}<collection> or /<name>"))?;
            bases.entry(base.to_vec()).or_default().push(Path { function, segments });
        }
    }
    for (base, paths) in &bases {
        divide(base.len(), paths, None, &mut all)?;
    }
    for routes in all.values_mut() {
        routes.sort_by(|one, other| one.path.cmp(&other.path));
    }
    Ok(all)
}

/// True if a function with these paths is the gateway's default.
pub(super) fn is_default(paths: &[String]) -> bool {
    paths.iter().any(|path| path == "/")
}

struct Path<'a> {
    function: usize,
    segments: Vec<&'a str>,
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
    let functions: BTreeSet<usize> = paths.iter().map(|path| path.function).collect();
    let collections: BTreeSet<usize> =
        paths.iter().filter(|path| path.segments.len() == depth).map(|path| path.function).collect();
    if collections.len() > 1 {
        return Err(format!("two functions have /{}", common.join("/")));
    }
    let most = functions.iter().max_by_key(|function| {
        let own = paths.iter().filter(|path| path.function == **function).count();
        (own, std::cmp::Reverse(**function))
    });
    let owner = collections.first().copied().or(above.filter(|it| functions.contains(it)));
    let Some(owner) = owner.or(most.copied()) else { return Ok(()) };
    if above != Some(owner) {
        let (name, path) = (name_of(common), format!("/{}", common.join("/")));
        let routes = all.entry(owner).or_default();
        if collections.contains(&owner) {
            routes.push(Route { name: name.clone(), path: path.clone() });
            routes.push(Route { name: format!("{name}Slash"), path: format!("{path}/") });
        }
        if paths.iter().any(|it| it.function == owner && it.segments.len() > depth) {
            routes.push(Route { name: format!("{name}Below"), path: format!("{path}/{{proxy+}}") });
        }
    }
    let mut below: BTreeMap<&str, Vec<Path<'_>>> = BTreeMap::new();
    for path in paths.iter().filter(|path| path.segments.len() > depth) {
        // The gateway does not distinguish parameters by name.
        let next = if path.segments[depth].starts_with('{') { "{}" } else { path.segments[depth] };
        let path = Path { function: path.function, segments: path.segments.clone() };
        below.entry(next).or_default().push(path);
    }
    below.retain(|_, paths| paths.iter().any(|path| path.function != owner));
    below.values().try_for_each(|paths| divide(depth + 1, paths, Some(owner), all))
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
