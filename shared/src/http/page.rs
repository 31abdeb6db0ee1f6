//! Pagination: the requested page ([`List`]) and the reply ([`Page`]).

use std::borrow::Cow;

use axum::extract::{FromRequestParts, MatchedPath};
use http::request::Parts;
use serde::{Serialize, de::DeserializeOwned};
use utoipa::{
    __dev::ComposeSchema,
    IntoParams, ToSchema,
    openapi::{
        Ref, RefOr, Schema,
        schema::{ArrayBuilder, ObjectBuilder, SchemaType, Type},
    },
};

use super::{
    Problem,
    problem::{INVALID_CURSOR, Named, Refusal},
    query::{canonical, invalid_parameter, parameters, read},
};
use crate::{
    Failure,
    id::UserId,
    table::cursor::{self, Fingerprint},
    text::is_blank,
};

const DEFAULT_LIMIT: usize = 20;
const LIMITS: std::ops::RangeInclusive<usize> = 1..=100;

/// Query of a list: the filters, a struct like that of [`Query`](super::Query) (`()`
/// without filters), and the page. Documented by `params(UserFilters, Paging)`.
///
/// ```text
/// let after: Option<(Timestamp, UserId)> = list.paging.after(Some(caller.user_id))?;
/// let found = store.list_users(&list.filters, after, list.paging.to_read()).await?;
/// Ok(Reply(list.paging.page(Some(caller.user_id), found, |user| (user.created_at, user.id))?))
/// ```
#[derive(Debug, Clone)]
pub struct List<T> {
    /// Filters.
    pub filters: T,
    /// Page.
    pub paging: Paging,
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for List<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let mut parameters = parameters(&parts.uri)?;
        let mut take = |name| parameters.remove(name).filter(|text| !is_blank(text));
        let (limit, cursor) = (take("limit"), take("cursor"));
        let limit = match limit.map(|text| text.parse()) {
            None => DEFAULT_LIMIT,
            Some(Ok(limit)) if LIMITS.contains(&limit) => limit,
            Some(_) => return Err(invalid_parameter("limit", "is a number from 1 to 100")),
        };
        let filters = read(&parameters)?;
        let route = parts.extensions.get::<MatchedPath>().map(|path| path.as_str().to_owned());
        let route = route.unwrap_or_default();
        Ok(Self { filters, paging: Paging { limit, cursor, route, filters: canonical(&parameters) } })
    }
}

/// Page of a list.
#[derive(Debug, Clone, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Paging {
    /// Maximum number of entries on the page.
    #[param(value_type = Option<u8>, minimum = 1, maximum = 100, default = 20)]
    limit: usize,
    /// Cursor: the `next_cursor` of the previous page.
    cursor: Option<String>,
    #[param(ignore)]
    route: String,
    #[param(ignore)]
    filters: String,
}

impl Paging {
    /// The number of entries to read: one more than the page has, to find out if
    /// there is another page.
    pub fn to_read(&self) -> usize {
        self.limit + 1
    }

    /// The position of the last entry of the previous page; `None` for the first
    /// page. `caller` is part of the cursor's fingerprint if the list depends on it.
    pub fn after<P: DeserializeOwned>(&self, caller: Option<UserId>) -> Result<Option<P>, InvalidCursor> {
        let Some(cursor) = &self.cursor else { return Ok(None) };
        cursor::decode(cursor, &self.fingerprint(caller)).map(Some).ok_or(InvalidCursor)
    }

    /// Makes the page of `found`, which was read with the limit [`Self::to_read`];
    /// `position` is an entry's position in the list.
    pub fn page<T, P: Serialize>(
        &self,
        caller: Option<UserId>,
        mut found: Vec<T>,
        position: impl FnOnce(&T) -> P,
    ) -> Result<Page<T>, Failure> {
        let has_more = found.len() > self.limit;
        found.truncate(self.limit);
        let last = found.last().filter(|_| has_more).map(position);
        let next_cursor = last.map(|last| cursor::encode(&last, &self.fingerprint(caller))).transpose()?;
        Ok(Page { data: found, has_more, next_cursor })
    }

    /// Maximum number of entries on the page.
    pub fn limit(&self) -> usize {
        self.limit
    }

    /// Makes the page of `data`, which was read with the limit [`Self::limit`]; `last` is the
    /// position of its last entry if more follow.
    pub fn page_up_to<T, P: Serialize>(
        &self,
        caller: Option<UserId>,
        data: Vec<T>,
        last: Option<&P>,
    ) -> Result<Page<T>, Failure> {
        let next_cursor = last.map(|last| cursor::encode(last, &self.fingerprint(caller))).transpose()?;
        Ok(Page { data, has_more: next_cursor.is_some(), next_cursor })
    }

    /// Makes a page as [`Self::page`] does, of a list that was read only up to
    /// `reached` before enough was found: the page may be short, and more may follow.
    /// For searches only; every other list fills its pages.
    pub fn page_until<T, P: Serialize>(
        &self,
        caller: Option<UserId>,
        found: Vec<T>,
        reached: &P,
        position: impl FnOnce(&T) -> P,
    ) -> Result<Page<T>, Failure> {
        if found.len() > self.limit {
            return self.page(caller, found, position);
        }
        let next_cursor = cursor::encode(reached, &self.fingerprint(caller))?;
        Ok(Page { data: found, has_more: true, next_cursor: Some(next_cursor) })
    }

    /// Makes a page of large entries. It ends before they exceed the size of a reply,
    /// and is then short, with a cursor. `entries` are those of a page, each with its
    /// position; one that was deleted since it was listed is `None`.
    pub fn page_of_large<T: Serialize, P: Serialize>(
        &self,
        caller: Option<UserId>,
        mut has_more: bool,
        entries: Vec<(P, Option<T>)>,
    ) -> Result<Page<T>, Failure> {
        let (mut data, mut last, mut bytes) = (Vec::new(), None, 0);
        for (position, entry) in entries {
            if let Some(entry) = entry {
                bytes += payload_bytes(&entry)?;
                if bytes > REPLY_BYTES && !data.is_empty() {
                    has_more = true;
                    break;
                }
                data.push(entry);
            }
            last = Some(position);
        }
        let last = last.filter(|_| has_more);
        let next_cursor = last.map(|last| cursor::encode(&last, &self.fingerprint(caller))).transpose()?;
        Ok(Page { data, has_more, next_cursor })
    }

    fn fingerprint(&self, caller: Option<UserId>) -> Fingerprint {
        let caller = caller.map(|id| id.to_string()).unwrap_or_default();
        Fingerprint::of([&caller, &self.route, &self.filters])
    }
}

/// Maximum bytes of a page's entries: Lambda's replies have 6 MB at most, and a reply
/// has more than the page.
const REPLY_BYTES: usize = 5_500_000;

/// Bytes of an entry in Lambda's payload.
fn payload_bytes(entry: &impl Serialize) -> Result<usize, Failure> {
    Ok(string_bytes(&serde_json::to_vec(entry).map_err(Failure::internal)?))
}

/// Bytes of a body in Lambda's payload, where it is a JSON string: a quotation mark, a backslash
/// or the end of a line takes two.
fn string_bytes(body: &[u8]) -> usize {
    body.len() + body.iter().filter(|byte| matches!(byte, b'"' | b'\\' | b'\r' | b'\n')).count()
}

/// True if a text is not too large for a reply.
pub fn fits_reply(body: &str) -> bool {
    string_bytes(body.as_bytes()) <= REPLY_BYTES
}

/// A page of a list.
#[derive(Debug, Clone, Serialize)]
pub struct Page<T> {
    /// Entries of the page.
    pub data: Vec<T>,
    /// True if more entries follow.
    pub has_more: bool,
    /// Cursor of the next page; `null` on the last page.
    pub next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// The page with every entry converted by `show`.
    pub fn map<U>(self, show: impl FnMut(T) -> U) -> Page<U> {
        Page {
            data: self.data.into_iter().map(show).collect(),
            has_more: self.has_more,
            next_cursor: self.next_cursor,
        }
    }
}

/// Written by hand: derived code would call a page of users `Page_User` and omit the
/// user's schema.
impl<T: ToSchema> ComposeSchema for Page<T> {
    fn compose(_: Vec<RefOr<Schema>>) -> RefOr<Schema> {
        let data = ArrayBuilder::new().items(Ref::from_schema_name(T::name()));
        let has_more = ObjectBuilder::new().schema_type(Type::Boolean);
        let cursor = ObjectBuilder::new().schema_type(SchemaType::from_iter([Type::String, Type::Null]));
        ObjectBuilder::new()
            .property("data", data)
            .property("has_more", has_more.description(Some("True if more entries follow.")))
            .property(
                "next_cursor",
                cursor
                    .description(Some("Cursor of the next page; `null` on the last page."))
                    .examples([serde_json::Value::Null]),
            )
            .required("data")
            .required("has_more")
            .required("next_cursor")
            .into()
    }
}

impl<T: ToSchema> ToSchema for Page<T> {
    fn name() -> Cow<'static, str> {
        format!("{}Page", T::name()).into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((T::name().into_owned(), T::schema()));
        T::schemas(schemas);
    }
}

/// A cursor that does not belong to this list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidCursor;

impl Refusal for InvalidCursor {
    const NAMED: Named = INVALID_CURSOR;

    fn explain(self, problem: Problem) -> Problem {
        problem
    }
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use serde::Deserialize;

    use super::*;
    use crate::http::{
        Reply,
        documents::{Documents, merge},
        endpoints::{mount, mount_at},
        testing::get,
    };

    #[derive(Deserialize, IntoParams)]
    #[into_params(parameter_in = Query)]
    struct LampFilters {
        /// No lamp below.
        from: Option<u32>,
    }

    #[derive(Debug, Serialize, ToSchema)]
    struct Lamp {
        number: u32,
    }

    crate::problems! {
        /// Errors of listing lamps.
        enum ListLampsError {
            Cursor(InvalidCursor),
        }
    }

    /// List lamps
    #[utoipa::path(get, path = "/lamps", params(LampFilters, Paging), responses(Reply<Page<Lamp>>, ListLampsError))]
    async fn list_lamps(
        List { filters, paging }: List<LampFilters>,
    ) -> Result<Reply<Page<Lamp>>, ListLampsError> {
        let after: Option<u32> = paging.after(None)?;
        let from = after.map(|last| last + 1).or(filters.from).unwrap_or(0);
        let found: Vec<u32> = (from..50).take(paging.to_read()).collect();
        Ok(Reply(paging.page(None, found, |number| *number)?.map(|number| Lamp { number })))
    }

    fn router() -> Router {
        let router = mount::<__path_list_lamps, _, _, _>(Router::new(), list_lamps);
        mount_at(router, &utoipa::openapi::HttpMethod::Get, "/bulbs", list_lamps)
    }

    fn paging(cursor: Option<String>) -> Paging {
        Paging { limit: 2, cursor, route: "/lamps".to_owned(), filters: String::new() }
    }

    #[tokio::test]
    async fn pages_follow_each_other_without_a_gap_until_the_list_ends() {
        let mut numbers = Vec::new();
        let mut path = "/lamps".to_owned();
        loop {
            let page = get(&router(), &path).await.body;
            let data = page["data"].as_array().unwrap();
            numbers.extend(data.iter().map(|lamp| lamp["number"].as_u64().unwrap()));
            assert_eq!(page["has_more"], page["next_cursor"].is_string());
            let Some(cursor) = page["next_cursor"].as_str() else { break };
            assert_eq!(data.len(), DEFAULT_LIMIT);
            path = format!("/lamps?cursor={cursor}");
        }
        assert_eq!(numbers, (0..50).collect::<Vec<_>>());
    }

    #[tokio::test]
    async fn a_page_that_the_list_just_fills_is_the_last() {
        let page = get(&router(), "/lamps?from=40&limit=10").await.body;
        assert_eq!((page["data"].as_array().unwrap().len(), &page["has_more"]), (10, &false.into()));
    }

    #[tokio::test]
    async fn a_limit_is_from_1_to_100() {
        for (limit, status) in [("1", 200), ("100", 200), ("0", 400), ("101", 400), ("ten", 400), ("", 200)] {
            let answer = get(&router(), &format!("/lamps?limit={limit}")).await;
            assert_eq!(answer.status, status, "{limit}");
            if status == 400 {
                assert_eq!(answer.body["detail"], "`limit` is a number from 1 to 100.");
            }
        }
    }

    #[tokio::test]
    async fn a_cursor_of_another_route_or_filter_is_refused() {
        let page = get(&router(), "/lamps?from=5&limit=3").await.body;
        let cursor = page["next_cursor"].as_str().unwrap();
        let status = async |path: &str| get(&router(), &format!("{path}cursor={cursor}")).await;
        assert_eq!(status("/lamps?limit=7&from=5&").await.status, 200, "the limit may change");
        for path in ["/lamps?", "/lamps?from=6&", "/bulbs?from=5&"] {
            let answer = status(path).await;
            assert_eq!(answer.status, 400, "{path}");
        }
        assert_eq!(status("/bulbs?from=5&").await.code(), (400, "invalid_cursor"));
    }

    #[test]
    fn a_page_of_large_entries_ends_before_a_reply_is_too_large() {
        let position =
            |cursor: Option<String>| cursor.and_then(|it| paging(Some(it)).after::<u32>(None).expect("ours"));
        let paging = paging(None);
        let page = |texts: &[&str]| {
            let entries =
                texts.iter().zip(1_u32..).map(|(text, place)| (place, Some(text.repeat(1_000_000))));
            let page = paging.page_of_large(None, false, entries.collect()).expect("encodes");
            (page.data.len(), position(page.next_cursor))
        };
        assert_eq!(page(&["abc", "ab"]), (2, None));
        assert_eq!(page(&["abc", "abc", "a"]), (1, Some(1)));
        // Each takes two bytes in JSON, and four in a JSON string.
        assert_eq!(page(&["\"", "\"", "a"]), (1, Some(1)));
        assert_eq!(page(&["abcdefg", "a"]), (1, Some(1)), "one entry at least");
        let gone: Vec<(u32, Option<u32>)> = vec![(1, None), (2, None)];
        let page = paging.page_of_large(None, true, gone).expect("encodes");
        assert_eq!((page.data.len(), position(page.next_cursor)), (0, Some(2)));
    }

    #[test]
    fn a_cursor_of_another_caller_is_refused() {
        let one = "user_01h455vb4pex5vsknk084sn02q".parse().ok();
        let other = "user_01h455vb4pex5vsknk084sn02r".parse().ok();
        let page = paging(None).page(one, vec![1, 2, 3], |number| *number).expect("encodes");
        assert_eq!(paging(page.next_cursor.clone()).after::<u32>(one), Ok(Some(2)));
        assert_eq!(paging(page.next_cursor.clone()).after::<u32>(other), Err(InvalidCursor));
        assert_eq!(paging(page.next_cursor).after::<u32>(None), Err(InvalidCursor));
    }

    #[test]
    fn a_page_of_a_list_that_was_not_read_to_its_end_is_short_and_continues() {
        let short = paging(None).page_until(None, vec![1], &7, |number| *number).expect("encodes");
        assert_eq!((short.data, short.has_more), (vec![1], true));
        assert_eq!(paging(short.next_cursor).after::<u32>(None), Ok(Some(7)));
        let full = paging(None).page_until(None, vec![1, 2, 3], &7, |number| *number).expect("encodes");
        assert_eq!((full.data, full.has_more), (vec![1, 2], true));
        assert_eq!(paging(full.next_cursor).after::<u32>(None), Ok(Some(2)));
    }

    #[test]
    fn the_documents_of_a_list_have_its_parameters_and_their_problems() {
        let mut documents = Documents::new("lamps", Vec::new());
        documents.add::<__path_list_lamps>();
        let document = merge(vec![documents]);
        let operation = &document["paths"]["/lamps"]["get"];
        let parameters = operation["parameters"].as_array().unwrap().iter();
        let parameters: Vec<_> =
            parameters.map(|it| (it["name"].as_str(), it["required"].as_bool())).collect();
        assert_eq!(
            parameters,
            [(Some("from"), Some(false)), (Some("limit"), Some(false)), (Some("cursor"), Some(false))]
        );
        let problems = &operation["responses"]["400"]["content"]["application/problem+json"]["examples"];
        let codes: Vec<_> = problems.as_object().unwrap().keys().cloned().collect();
        assert_eq!(codes, ["invalid_cursor", "invalid_parameter", "unknown_parameter"]);
        let page = &operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"];
        assert_eq!(page, "#/components/schemas/LampPage");
        let page = document.pointer(page.as_str().unwrap().trim_start_matches('#')).unwrap();
        assert_eq!(page["properties"]["data"]["items"]["$ref"], "#/components/schemas/Lamp");
        assert!(document["components"]["schemas"]["Lamp"].is_object());
    }
}
