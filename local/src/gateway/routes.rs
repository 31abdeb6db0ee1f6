//! Route precedence of an HTTP API: an exact segment beats `{name}`, that beats
//! `{name+}`, anything beats `$default`; among equals a method beats `ANY`.

use http::Method;

use crate::stack::{RouteKey, Stack};

/// The routes of the HTTP API.
#[derive(Debug, Clone, Default)]
pub struct Routes {
    routes: Vec<(Pattern, Option<String>, String)>,
    default: Option<String>,
}

#[derive(Debug, Clone)]
struct Pattern(Vec<Segment>);

#[derive(Debug, Clone)]
enum Segment {
    Exact(String),
    Name,
    Greedy,
}

/// Specificity of a match: a rank for each segment, the first being the most
/// significant.
type Narrowness = (Vec<u8>, bool);

impl Routes {
    /// The routes of all functions of `stack`.
    pub fn of(stack: &Stack) -> Self {
        let mut routes = Self::default();
        for function in stack.functions.values() {
            for route in &function.routes {
                match &route.key {
                    RouteKey::Default => routes.default = Some(function.id.clone()),
                    RouteKey::Path { method, path } => {
                        routes.routes.push((Pattern::parse(path), method.clone(), function.id.clone()));
                    }
                }
            }
        }
        routes
    }

    /// The logical id of the function of a request.
    pub fn find(&self, method: &Method, path: &str) -> Option<&str> {
        let matching = self.routes.iter().filter_map(|(pattern, wanted, function)| {
            let method_fits = wanted.as_deref().is_none_or(|wanted| wanted == method.as_str());
            let ranks = pattern.matches(path).filter(|_| method_fits)?;
            let narrowness: Narrowness = (ranks, wanted.is_some());
            Some((narrowness, function))
        });
        let narrowest = matching.max_by(|(a, _), (b, _)| a.cmp(b));
        narrowest.map(|(_, function)| function).or(self.default.as_ref()).map(String::as_str)
    }
}

impl Pattern {
    fn parse(path: &str) -> Self {
        let segments = segments(path).map(|segment| {
            match segment.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
                Some(name) if name.ends_with('+') => Segment::Greedy,
                Some(_) => Segment::Name,
                None => Segment::Exact(segment.to_owned()),
            }
        });
        Self(segments.collect())
    }

    /// The rank of each of the pattern's segments, if the path fits.
    fn matches(&self, path: &str) -> Option<Vec<u8>> {
        let mut rest = segments(path);
        let mut ranks = Vec::with_capacity(self.0.len());
        for segment in &self.0 {
            let found = rest.next()?;
            ranks.push(match segment {
                Segment::Exact(text) if text == found => 2,
                Segment::Exact(_) => return None,
                // A parameter is never empty.
                Segment::Name | Segment::Greedy if found.is_empty() => return None,
                Segment::Name => 1,
                Segment::Greedy => {
                    ranks.push(0);
                    return Some(ranks);
                }
            });
        }
        rest.next().is_none().then_some(ranks)
    }
}

/// The segments of the path; a slash at the end makes an empty last one.
fn segments(path: &str) -> std::str::Split<'_, char> {
    path.strip_prefix('/').unwrap_or(path).split('/')
}
