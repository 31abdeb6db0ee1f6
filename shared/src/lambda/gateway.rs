//! API Gateway's payloads (format 2.0), translated to requests and from responses.
//!
//! The types are `lambda_http`'s, the translation is not: that one panics on a host,
//! a path, a query or a body that no request can have, which the caller then sees as
//! the gateway's own bare 500; it resolves `..` in paths, which the gateway has
//! already routed; and it drops the second of two reply headers with the same name.

use std::fmt::Write as _;

use axum::{body::Body, response::Response};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use http::{HeaderMap, HeaderValue, Request, Uri};
use http_body_util::BodyExt as _;
use lambda_http::aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};

/// Target of a request whose path is too long for a URI: it has no route.
const UNROUTED_PATH: &str = "/-";

/// Converts an event to a request.
pub fn request(event: ApiGatewayV2httpRequest) -> Request<Body> {
    // An HTTP API has decoded the path once and has not decoded the query. A percent
    // sign in the path stands for itself, and a question mark in it begins no query.
    let path = fit(event.raw_path.as_deref().unwrap_or_default(), b"-._~!$&'()*+,;=:@/");
    let query = fit(event.raw_query_string.as_deref().unwrap_or_default(), b"-._~!$&'()*+,;=:@/?%");
    // Without a scheme, `Uri` parses a text as a path only if it begins with a slash.
    let path = if path.starts_with('/') { path } else { format!("/{path}") };
    let target = if query.is_empty() { path } else { format!("{path}?{query}") };
    let mut request = Request::new(body(event.body, event.is_base64_encoded));
    *request.method_mut() = event.request_context.http.method;
    *request.uri_mut() = target.parse().unwrap_or(Uri::from_static(UNROUTED_PATH));
    *request.headers_mut() = event.headers;
    request
}

/// Encodes a path or query for a URI (RFC 3986, 3.3 and 3.4): all bytes except
/// letters, digits and those `allowed`, which browsers and attackers may leave
/// unencoded.
fn fit(text: &str, allowed: &[u8]) -> String {
    let mut fitting = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || allowed.contains(&byte) {
            fitting.push(byte.into());
        } else {
            // Writing to a `String` cannot fail.
            let _ = write!(fitting, "%{byte:02X}");
        }
    }
    fitting
}

fn body(text: Option<String>, is_base64_encoded: bool) -> Body {
    let text = text.unwrap_or_default();
    if !is_base64_encoded {
        return text.into();
    }
    // The gateway sets the flag for bodies that it has encoded; a text that does not
    // decode is the body itself.
    BASE64_STANDARD.decode(&text).map_or_else(|_| text.into(), Body::from)
}

/// Converts a response to the gateway's payload.
pub async fn response(response: Response) -> ApiGatewayV2httpResponse {
    let (parts, body) = response.into_parts();
    // Our bodies are complete before they are sent: collecting one cannot fail.
    let bytes = body.collect().await.map(|whole| whole.to_bytes().to_vec()).unwrap_or_default();
    let body = match String::from_utf8(bytes) {
        // The field is omitted: not every gateway accepts `null` for a body.
        Ok(text) if text.is_empty() => None,
        Ok(text) => Some(lambda_http::Body::Text(text)),
        Err(error) => Some(lambda_http::Body::Binary(error.into_bytes())),
    };
    let mut answer = ApiGatewayV2httpResponse::default();
    answer.status_code = parts.status.as_u16().into();
    answer.headers = joined(&parts.headers);
    answer.is_base64_encoded = matches!(body, Some(lambda_http::Body::Binary(_)));
    answer.body = body;
    answer
}

/// Joins headers of one name into one line (RFC 9110, 5.3): a payload has one value a
/// name.
fn joined(headers: &HeaderMap) -> HeaderMap {
    let mut joined = HeaderMap::with_capacity(headers.keys_len());
    for name in headers.keys() {
        let lines: Vec<&[u8]> = headers.get_all(name).iter().map(HeaderValue::as_bytes).collect();
        // Valid lines give a valid one.
        if let Ok(line) = HeaderValue::from_bytes(&lines.join(&b", "[..])) {
            joined.insert(name, line);
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn event(path: &str, query: &str) -> ApiGatewayV2httpRequest {
        let context = json!({ "http": { "method": "PATCH" }, "stage": "$default" });
        serde_json::from_value(json!({
            "rawPath": path, "rawQueryString": query, "headers": { "host": "a b:99999", "x-forwarded-proto": "☃" },
            "requestContext": context, "body": "eyJ9", "isBase64Encoded": true,
        }))
        .expect("an event")
    }

    #[tokio::test]
    async fn a_request_is_what_its_event_says() {
        let request = request(event("/api/v1/users/me/", "q=a+b&role=USER"));
        assert_eq!(request.uri(), "/api/v1/users/me/?q=a+b&role=USER");
        assert_eq!(request.method(), "PATCH");
        let bytes = request.into_body().collect().await.expect("whole").to_bytes();
        assert_eq!(bytes.as_ref(), b"{\"}");
    }

    #[test]
    fn a_decoded_path_is_encoded_and_a_query_stays_as_it_was_sent() {
        for (path, query, uri) in [
            ("/a b/\"<>", "", "/a%20b/%22%3C%3E"),
            ("/é/%C3%A9", "x=é%C3%A9\u{0}", "/%C3%A9/%25C3%25A9?x=%C3%A9%C3%A9%00"),
            ("/stock/50%", "sku=50%25", "/stock/50%25?sku=50%25"),
            ("/a#b", "c#d{}", "/a%23b?c%23d%7B%7D"),
            ("/stock/A?B", "x=?", "/stock/A%3FB?x=?"),
            ("", "", "/"),
            ("/users/../auth/me", "", "/users/../auth/me"),
            ("//evil.example/", "", "//evil.example/"),
        ] {
            assert_eq!(request(event(path, query)).uri().to_string(), uri, "{path}?{query}");
        }
        assert_eq!(request(event(&"/é".repeat(20_000), "")).uri(), UNROUTED_PATH);
    }

    #[tokio::test]
    async fn a_response_is_text_where_it_can_be_and_loses_no_header() {
        let mut text = Response::new(Body::from("{}"));
        for value in ["origin", "access-control-request-method"] {
            text.headers_mut().append("vary", HeaderValue::from_static(value));
        }
        let answer = serde_json::to_value(response(text).await).expect("is JSON");
        assert_eq!((&answer["statusCode"], &answer["body"]), (&json!(200), &json!("{}")));
        assert_eq!(answer["headers"]["vary"], "origin, access-control-request-method");
        let answer = response(Response::new(Body::from(vec![0x1f, 0x8b]))).await;
        let answer = serde_json::to_value(answer).expect("is JSON");
        assert_eq!((&answer["isBase64Encoded"], &answer["body"]), (&json!(true), &json!("H4s=")));
        let answer = serde_json::to_value(response(Response::default()).await).expect("is JSON");
        assert_eq!(answer.get("body"), None);
    }
}
