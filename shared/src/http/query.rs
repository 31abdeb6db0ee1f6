//! Query parameters. `axum::extract::Query` is banned: it answers with plain text, and
//! ignores unknown parameters.

use std::collections::BTreeMap;

use axum::extract::FromRequestParts;
use form_urlencoded::Serializer;
use http::{Uri, request::Parts};
use serde::de::DeserializeOwned;

use super::{
    Problem,
    json::fields_of,
    problem::{INVALID_PARAMETER, UNKNOWN_PARAMETER},
};
use crate::text::is_blank;

/// The parameters of a route, read into a struct that has a field for each; one
/// that may be absent is an `Option`. For a list there is [`List`](super::List).
///
/// 400 for a parameter that the struct does not know, that comes twice, or whose
/// value does not fit. One of nothing that shows counts as absent.
#[derive(Debug, Clone)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        read(&parameters(&parts.uri)?).map(Self)
    }
}

/// The parameters by their names, each of which stands once.
pub(super) fn parameters(uri: &Uri) -> Result<BTreeMap<String, String>, Problem> {
    let mut parameters = BTreeMap::new();
    for (name, value) in form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()) {
        if parameters.insert(name.to_string(), value.into_owned()).is_some() {
            return Err(invalid_parameter(&name, "may appear only once"));
        }
    }
    Ok(parameters)
}

/// Parameters as a query in the order of their names: of two that ask for the
/// same, both are the same text.
pub(super) fn canonical(parameters: &BTreeMap<String, String>) -> String {
    let said = parameters.iter().filter(|(_, value)| !is_blank(value));
    Serializer::new(String::new()).extend_pairs(said).finish()
}

pub(super) fn read<T: DeserializeOwned>(parameters: &BTreeMap<String, String>) -> Result<T, Problem> {
    let known = fields_of::<T>();
    if let Some(unknown) = parameters.keys().find(|name| !known.contains(&name.as_str())) {
        return Err(unknown_parameter(unknown, "is not a parameter of this operation"));
    }
    let query = canonical(parameters);
    let values = serde_urlencoded::Deserializer::new(form_urlencoded::parse(query.as_bytes()));
    serde_path_to_error::deserialize(values).map_err(|error| {
        let name = error.path().to_string();
        let message = error.inner().to_string();
        if let Some(missing) = message.strip_prefix("missing field ") {
            invalid_parameter(missing.trim_matches('`'), "is required")
        } else if name == "sort" {
            unknown_parameter(&name, "names a sort order that this list does not support")
        } else {
            invalid_parameter(&name, "has an invalid value")
        }
    })
}

fn unknown_parameter(name: &str, fault: &str) -> Problem {
    Problem::from(UNKNOWN_PARAMETER).detail(sentence(name, fault))
}

pub(super) fn invalid_parameter(name: &str, fault: &str) -> Problem {
    Problem::from(INVALID_PARAMETER).detail(sentence(name, fault))
}

/// The caller's own name is cut to a length that an answer can bear.
fn sentence(name: &str, fault: &str) -> String {
    format!("`{}` {fault}.", name.chars().take(64).collect::<String>())
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use utoipa::openapi::HttpMethod::Get;

    use super::*;
    use crate::{
        clock::Timestamp,
        http::testing::{get, route},
    };

    #[derive(Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Colour {
        Red,
    }

    #[derive(Deserialize)]
    enum Sort {
        #[serde(rename = "-created_at")]
        Newest,
    }

    #[derive(Deserialize)]
    struct Lamps {
        watts: u8,
        colour: Option<Colour>,
        created_after: Option<Timestamp>,
        lit: Option<bool>,
        sort: Option<Sort>,
    }

    async fn list(Query(lamps): Query<Lamps>) -> String {
        let red = matches!(lamps.colour, Some(Colour::Red));
        let newest = matches!(lamps.sort, Some(Sort::Newest));
        format!("\"{} {red} {:?} {:?} {newest}\"", lamps.watts, lamps.created_after, lamps.lit.is_some())
    }

    #[tokio::test]
    async fn valid_parameters_are_read() {
        let router = route(&Get, "/lamps", list);
        let answer = get(&router, "/lamps?watts=5&colour=red&sort=-created_at&lit=true").await;
        assert_eq!(answer.body, "5 true None true true");
        let answer = get(&router, "/lamps?created_after=2026-01-31T12%3A00%3A00Z&watts=5").await;
        assert_eq!(
            (answer.status, answer.body.as_str().map(|text| text.contains("2026"))),
            (200, Some(true))
        );
    }

    #[tokio::test]
    async fn an_empty_parameter_counts_as_absent() {
        let router = route(&Get, "/lamps", list);
        for empty in ["", "+", "%E2%80%8B", "%C2%A0%09"] {
            let query = format!("watts=5&colour={empty}&created_after={empty}&lit={empty}&sort={empty}");
            let answer = get(&router, &format!("/lamps?{query}")).await;
            assert_eq!(answer.body, "5 false None false false", "{query}");
            let answer = get(&router, &format!("/lamps?watts={empty}")).await;
            assert_eq!(answer.body["detail"], "`watts` is required.");
            let answer = get(&router, &format!("/lamps?watts=5&colr={empty}")).await;
            assert_eq!(answer.code(), (400, "unknown_parameter"));
        }
    }

    #[tokio::test]
    async fn nothing_is_ignored_and_the_answer_names_it() {
        let router = route(&Get, "/lamps", list);
        for (query, code, detail) in [
            ("watts=5&colr=red", "unknown_parameter", "`colr` is not a parameter of this operation."),
            (
                "watts=5&sort=colour",
                "unknown_parameter",
                "`sort` names a sort order that this list does not support.",
            ),
            ("watts=5&watts=6", "invalid_parameter", "`watts` may appear only once."),
            ("watts=500", "invalid_parameter", "`watts` has an invalid value."),
            ("watts=5&colour=blue", "invalid_parameter", "`colour` has an invalid value."),
            ("watts=5&created_after=now", "invalid_parameter", "`created_after` has an invalid value."),
            ("colour=red", "invalid_parameter", "`watts` is required."),
        ] {
            let answer = get(&router, &format!("/lamps?{query}")).await;
            assert_eq!(answer.code(), (400, code), "{query}");
            assert_eq!(answer.body["detail"], detail, "{query}");
        }
    }
}
