//! Requests that are safe to repeat: with an `Idempotency-Key` the same request
//! creates one resource, however often it is sent.
//!
//! A record of the first request commits with its effect, as the first write of the
//! transaction, so that its refusal is the one reported. [`once`] sends the write
//! and, if that is refused, replays the reply of the first request: from the record
//! ([`IdempotencyRecord::first`]), or from the resource itself if its id derives from
//! the key ([`Attempt::required_id`]).

mod record;

use std::{borrow::Cow, collections::BTreeMap, fmt::Display, marker::PhantomData};

use aws_lc_rs::digest::{SHA256, digest};
use axum::{
    extract::{FromRequest, FromRequestParts, MatchedPath, Request},
    response::{IntoResponse, Response},
};
use http::{HeaderName, HeaderValue, request::Parts};
use serde::{Serialize, Serializer, de::DeserializeOwned};
use serde_json::{Map, Value, value::RawValue};
use utoipa::{
    IntoParams, IntoResponses, PartialSchema, ToSchema,
    openapi::{
        RefOr, Required, Response as ResponseDocument,
        path::{Parameter, ParameterIn},
        schema::Schema,
    },
};

pub use self::record::{IdempotencyRecord, KeyReused};
use super::{
    Faults, Problem, documents,
    json::{object, read},
    problem::{IDEMPOTENCY_KEY_REQUIRED, INVALID_IDEMPOTENCY_KEY, Named, Problems, Refusal},
};
use crate::{
    Failure,
    clock::Timestamp,
    id::{Id, UserId},
};

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// The key under which a caller may repeat a request, if there is one. Documented by
/// `params(IdempotencyKey)`.
#[derive(Debug, Clone, IntoParams)]
#[into_params(parameter_in = Header)]
pub struct IdempotencyKey {
    /// Makes the request safe to repeat: a repetition with the same key and body has no
    /// effect and returns the first reply. Keys are kept for at least 24 hours.
    #[param(rename = "Idempotency-Key", min_length = 1, max_length = 255, pattern = "^[!-~]+$")]
    key: Option<String>,
    /// Method and path template.
    #[param(ignore)]
    route: String,
}

/// The key of a request that is refused without one. Documented by
/// `params(RequiredIdempotencyKey)`.
#[derive(Debug)]
pub struct RequiredIdempotencyKey;

impl IntoParams for RequiredIdempotencyKey {
    fn into_params(place: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let mut parameters = IdempotencyKey::into_params(place);
        for parameter in &mut parameters {
            parameter.required = Required::True;
        }
        parameters
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let mut lines = parts.headers.get_all(IDEMPOTENCY_KEY).iter();
        let key = match (lines.next(), lines.next()) {
            (None, _) => None,
            (Some(line), None) => Some(valid(line).ok_or_else(invalid)?),
            (Some(_), Some(_)) => return Err(invalid()),
        };
        let path = parts.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str);
        Ok(Self { key, route: format!("{} {path}", parts.method) })
    }
}

fn valid(line: &HeaderValue) -> Option<String> {
    let text = line.to_str().ok()?;
    let valid = (1..=255).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    valid.then(|| text.to_owned())
}

fn invalid() -> Problem {
    INVALID_IDEMPOTENCY_KEY.into()
}

/// A body like that of [`Json`](super::Json), for a request with an idempotency key.
#[derive(Debug)]
pub struct Idempotent<T>(pub T, pub Faults, pub Attempt);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Idempotent<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        let key = IdempotencyKey::from_request_parts(&mut parts, state).await?;
        let body = object(Request::from_parts(parts, body), state).await?;
        let (value, faults) = read(body.clone())?;
        Ok(Self(value, faults, Attempt { key, body }))
    }
}

/// Identity of a request: its key and body.
#[derive(Debug)]
pub struct Attempt {
    key: IdempotencyKey,
    body: Map<String, Value>,
}

impl Attempt {
    /// Derives an id from caller and key, for a resource that keeps its key for ever:
    /// the same for every request of the caller with this key, and for no other.
    /// `None` without a key.
    pub fn id<K>(&self, caller: UserId) -> Option<Id<K>> {
        let key = self.key.key.as_ref()?;
        let hash = digest(&SHA256, format!("{caller}\n{key}").as_bytes());
        let mut bytes = [0; 16];
        for (byte, hashed) in bytes.iter_mut().zip(hash.as_ref()) {
            *byte = *hashed;
        }
        Some(Id::from_bytes(bytes))
    }

    /// Derives an id as [`Self::id`] does; refuses a request without a key. For
    /// routes that move money or stock.
    pub fn required_id<K>(&self, caller: UserId) -> Result<Id<K>, KeyRequired> {
        self.id(caller).ok_or(KeyRequired)
    }

    /// Adds the resource of the path to the scope: the same key for another resource
    /// is another key.
    #[must_use]
    pub fn about(mut self, thing: impl Display) -> Self {
        self.key.route = format!("{} {thing}", self.key.route);
        self
    }

    /// Fingerprint of the body.
    pub fn fingerprint(&self) -> String {
        record::fingerprint(self.body.clone())
    }

    /// The record that this request creates `resource`; `None` without a key. The
    /// fields `secrets` are left out of the fingerprint: they could be guessed from a
    /// hash.
    pub fn record(
        &self,
        caller: UserId,
        secrets: &[&str],
        resource: impl Display + Copy,
        now: Timestamp,
    ) -> Option<IdempotencyRecord> {
        let key = self.key.key.as_ref()?;
        let mut body = self.body.clone();
        body.retain(|name, _| !secrets.contains(&name.as_str()));
        // Only the key has characters of the caller's choice, and it has no line
        // breaks.
        let scope = format!("{caller}\n{}\n{key}", self.key.route);
        Some(IdempotencyRecord::new(&scope, body, resource.to_string(), now))
    }
}

/// A request without the key that its operation needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyRequired;

impl Refusal for KeyRequired {
    const NAMED: Named = IDEMPOTENCY_KEY_REQUIRED;

    fn explain(self, problem: Problem) -> Problem {
        problem
    }
}

/// Creates a resource, or replays the reply of the first request. `create` returns
/// `None` if a record or a resource of this key exists; `first` reads the reply of
/// the first request. `first` runs after every refusal of `create`: the refusal may
/// be caused by the resource that the first request created.
pub async fn once<R, E: Problems>(
    create: impl Future<Output = Result<Option<R>, E>>,
    first: impl Future<Output = Result<Option<R>, E>>,
) -> Result<Replayable<R>, E> {
    let refusal = match create.await {
        Ok(Some(reply)) => return Ok(Replayable { replayed: false, reply }),
        Ok(None) => None,
        Err(error) if error.is_failure() => return Err(error),
        Err(refusal) => Some(refusal),
    };
    match (first.await?, refusal) {
        (Some(reply), _) => Ok(Replayable { replayed: true, reply }),
        (None, Some(refusal)) => Err(refusal),
        (None, None) => Err(Failure::unavailable("the first request of this key has not ended").into()),
    }
}

/// The reply of a created resource, as text; that of a replay is read from the
/// record.
#[derive(Debug)]
pub struct KeptReply<T> {
    body: Box<RawValue>,
    of: PhantomData<T>,
}

impl<T: Serialize> KeptReply<T> {
    /// Keeps `body`.
    pub fn new(body: &T) -> Result<Self, Failure> {
        let body = serde_json::value::to_raw_value(body).map_err(Failure::internal)?;
        Ok(Self { body, of: PhantomData })
    }
}

impl<T> KeptReply<T> {
    /// The text of the body.
    pub fn text(&self) -> &str {
        self.body.get()
    }

    /// Restores a body from its text.
    pub fn from_text(text: String) -> Result<Self, Failure> {
        let body = RawValue::from_string(text).map_err(Failure::internal)?;
        Ok(Self { body, of: PhantomData })
    }
}

impl<T> Serialize for KeptReply<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.body.serialize(serializer)
    }
}

impl<T: PartialSchema> PartialSchema for KeptReply<T> {
    fn schema() -> RefOr<Schema> {
        T::schema()
    }
}

impl<T: ToSchema> ToSchema for KeptReply<T> {
    fn name() -> Cow<'static, str> {
        T::name()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        T::schemas(schemas);
    }
}

/// A reply that may be a replay, marked by `Idempotent-Replayed`.
#[derive(Debug)]
pub struct Replayable<R> {
    /// True if the reply is a replay.
    pub replayed: bool,
    /// Reply of the first request.
    pub reply: R,
}

impl<R: IntoResponse> IntoResponse for Replayable<R> {
    fn into_response(self) -> Response {
        let mut response = self.reply.into_response();
        if self.replayed {
            response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
        }
        response
    }
}

impl<R: IntoResponses> IntoResponses for Replayable<R> {
    fn responses() -> BTreeMap<String, RefOr<ResponseDocument>> {
        documents::with_header(
            R::responses(),
            "Idempotent-Replayed",
            "`true` if the reply is that of an earlier request with this key.",
        )
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use serde::Deserialize;
    use serde_json::json;
    use utoipa::{ToSchema, openapi::HttpMethod};

    use super::*;
    use crate::{
        http::{
            Field, Health, Reply,
            documents::{Documents, merge},
            testing::{Answer, ask, route},
        },
        id::UserKind,
        table::item::Entity as _,
    };

    #[derive(Deserialize, ToSchema)]
    struct CreateLampRequest {
        name: Field<String>,
    }

    crate::problems! {
        /// Errors of creating a lamp.
        enum CreateLampError {
            KeyReused(KeyReused),
        }
    }

    /// Create a lamp
    #[utoipa::path(
        post,
        path = "/lamps",
        params(IdempotencyKey),
        request_body = CreateLampRequest,
        responses(Replayable<Reply<Health>>, CreateLampError),
    )]
    async fn create_lamp(
        Idempotent(body, _, attempt): Idempotent<CreateLampRequest>,
    ) -> Result<Replayable<Reply<Health>>, CreateLampError> {
        let first = lamp("first").record(user(), &[], "made", Timestamp::from_millis(0)).expect("has a key");
        let replayed = match attempt.record(user(), &[], "2", Timestamp::from_millis(0)) {
            Some(record) => record.repeats(first)?.resource() == "made",
            None => matches!(body.name, Field::WrongType(_)),
        };
        Ok(Replayable { replayed, reply: Reply(Health::default()) })
    }

    fn user() -> UserId {
        UserId::from_bytes([0; 16])
    }

    fn lamp(name: &str) -> Attempt {
        attempt(Some("1"), "POST /lamps", &json!({ "name": name }))
    }

    fn attempt(key: Option<&str>, route: &str, body: &Value) -> Attempt {
        let key = IdempotencyKey { key: key.map(str::to_owned), route: route.to_owned() };
        Attempt { key, body: body.as_object().cloned().expect("an object") }
    }

    async fn send(keys: &[&str], body: Value) -> Answer {
        let mut request = Request::post("/lamps").header("content-type", "application/json");
        for key in keys {
            request = request.header(IDEMPOTENCY_KEY, *key);
        }
        let router = route(&HttpMethod::Post, "/lamps", create_lamp);
        ask(&router, request.body(Body::from(body.to_string())).unwrap()).await
    }

    #[tokio::test]
    async fn a_key_is_1_to_255_visible_characters() {
        let longest = "k".repeat(255);
        for key in ["k", "\"8e03978e-40d5\"", &longest] {
            assert_eq!(send(&[key], json!({ "name": "first" })).await.status, 200, "{key}");
        }
        let longer = "k".repeat(256);
        for keys in [&[""][..], &["a b"], &["schlüssel"], &[&longer], &["1", "1"]] {
            let answer = send(keys, json!({ "name": "first" })).await;
            assert_eq!(answer.code(), (400, "invalid_idempotency_key"), "{keys:?}");
        }
    }

    #[tokio::test]
    async fn a_repeated_request_says_that_it_is_one() {
        let answer = send(&["1"], json!({ "name": "first" })).await;
        assert_eq!((answer.status, answer.header("idempotent-replayed")), (200, Some("true")));
        let answer = send(&["1"], json!({ "name": "other" })).await;
        assert_eq!(answer.code(), (422, "idempotency_key_reused"));
        let answer = send(&[], json!({ "name": "first" })).await;
        assert_eq!((answer.status, answer.header("idempotent-replayed")), (200, None));
    }

    #[test]
    fn without_a_key_nothing_is_recorded() {
        let attempt = attempt(None, "POST /lamps", &json!({}));
        assert_eq!(attempt.record(user(), &[], "made", Timestamp::from_millis(0)), None);
    }

    #[test]
    fn a_scope_is_of_one_caller_route_and_key() {
        let now = Timestamp::from_millis(0);
        let of = |key, route, caller| attempt(Some(key), route, &json!({})).record(caller, &[], "", now);
        let first = of("1", "POST /lamps", user()).expect("has a key");
        assert!(first.key().pk.starts_with("IDEMPOTENCY#"), "{:?}", first.key());
        for other in [
            of("2", "POST /lamps", user()),
            of("1", "POST /bulbs", user()),
            of("1", "POST /lamps", UserId::from_bytes([1; 16])),
        ] {
            assert_ne!(other.expect("has a key").key(), first.key());
        }
    }

    #[test]
    fn a_body_is_the_same_with_any_secret() {
        let of = |password| {
            let attempt = attempt(Some("1"), "POST /lamps", &json!({ "b": 3, "password": password }));
            attempt.record(user(), &["password"], "made", Timestamp::from_millis(0)).expect("has a key")
        };
        assert_eq!(of("one"), of("another"));
    }

    #[test]
    fn an_id_is_of_one_caller_and_key_whatever_the_route() {
        let of = |key, route, caller| attempt(key, route, &json!({})).id::<UserKind>(caller);
        let first = of(Some("1"), "POST /lamps", user());
        assert!(first.is_some());
        assert_eq!(first, of(Some("1"), "POST /lamp", user()));
        assert_ne!(first, of(Some("2"), "POST /lamps", user()));
        assert_ne!(first, of(Some("1"), "POST /lamps", UserId::from_bytes([1; 16])));
        assert_eq!(of(None, "POST /lamps", user()), None);
        let without = attempt(None, "POST /lamps", &json!({}));
        assert_eq!(without.required_id::<UserKind>(user()), Err(KeyRequired));
    }

    #[test]
    fn a_key_is_anothers_where_the_path_names_another_thing() {
        let now = Timestamp::from_millis(0);
        let about = |thing| attempt(Some("1"), "POST /lamps/{id}", &json!({})).about(thing);
        let key = |thing| about(thing).record(user(), &[], "", now).map(|record| record.key());
        assert!(key("a") == key("a") && key("a") != key("b"));
    }

    #[test]
    fn the_documents_have_the_key_and_its_problems() {
        let mut documents = Documents::new("lamps", Vec::new());
        documents.add::<__path_create_lamp>();
        let document = merge(vec![documents]);
        let operation = &document["paths"]["/lamps"]["post"];
        let parameter = &operation["parameters"][0];
        assert_eq!((&parameter["name"], &parameter["in"]), (&json!("Idempotency-Key"), &json!("header")));
        assert_eq!((&parameter["required"], &parameter["schema"]["maxLength"]), (&json!(false), &json!(255)));
        let refusals = &operation["responses"]["400"]["content"]["application/problem+json"]["examples"];
        assert!(refusals["invalid_idempotency_key"].is_object());
        assert!(operation["responses"]["200"]["headers"]["Idempotent-Replayed"].is_object());
    }
}
