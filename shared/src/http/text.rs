//! Replies in another format than JSON: calendars, feeds, linked data.

use std::{collections::BTreeMap, fmt::Debug, marker::PhantomData};

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use utoipa::{
    IntoResponses,
    openapi::{ContentBuilder, RefOr, Response as ResponseDocument, ResponseBuilder},
};

use super::{documents, preconditions::tagged};
use crate::clock::Timestamp;

/// Format of a text.
pub trait Format: Debug {
    /// Media type with its parameters.
    const MEDIA_TYPE: &'static str;
    /// Example for the documents.
    const EXAMPLE: &'static str;
}

/// 200 with a text, which may be cached.
#[derive(Debug)]
pub struct Text<F> {
    /// The text; empty for a caller who has it ([`IfNoneMatch`](super::IfNoneMatch)) and gets
    /// a 304.
    pub body: String,
    /// Text that identifies the state of what is shown: the `ETag`.
    pub tag: String,
    /// Time of the last change of what is shown.
    pub modified_at: Option<Timestamp>,
    /// Seconds for which shared caches may keep the text; `None`: only the caller may
    /// keep it.
    pub max_age_seconds: Option<u32>,
    /// Format.
    pub format: PhantomData<F>,
}

impl<F: Format> IntoResponse for Text<F> {
    fn into_response(self) -> Response {
        let response = (StatusCode::OK, [(header::CONTENT_TYPE, F::MEDIA_TYPE)], self.body).into_response();
        let mut response = tagged(response, &self.tag);
        let cache = match self.max_age_seconds {
            Some(seconds) => format!("public, max-age={seconds}"),
            None => "private, no-cache".to_owned(),
        };
        let headers = response.headers_mut();
        headers.extend(HeaderValue::try_from(cache).ok().map(|cache| (header::CACHE_CONTROL, cache)));
        headers.append(header::VARY, HeaderValue::from_static("authorization"));
        let modified = self.modified_at.map(http_date).and_then(|date| HeaderValue::try_from(date).ok());
        headers.extend(modified.map(|modified| (header::LAST_MODIFIED, modified)));
        response
    }
}

/// A time as headers have it (RFC 9110, 5.6.7).
fn http_date(at: Timestamp) -> String {
    let at = jiff::Timestamp::from_millisecond(at.millis()).unwrap_or_default();
    at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

impl<F: Format> IntoResponses for Text<F> {
    fn responses() -> BTreeMap<String, RefOr<ResponseDocument>> {
        let media_type = F::MEDIA_TYPE.split(';').next().unwrap_or_default();
        let response = ResponseBuilder::new()
            .description("OK")
            .content(media_type, ContentBuilder::new().example(Some(F::EXAMPLE.into())).build())
            .build();
        let responses = BTreeMap::from([("200".to_owned(), RefOr::T(response))]);
        documents::with_header(responses, "ETag", "Version of the content, in quotes.")
    }
}

#[cfg(test)]
mod tests {
    use axum::response::IntoResponse as _;

    use super::*;

    #[derive(Debug)]
    struct Plain;

    impl Format for Plain {
        const MEDIA_TYPE: &'static str = "text/plain; charset=utf-8";
        const EXAMPLE: &'static str = "a text";
    }

    #[test]
    fn a_text_has_its_media_type_and_says_when_it_changed() {
        let text = Text::<Plain> {
            body: "a text".to_owned(),
            tag: "7".to_owned(),
            modified_at: Some(Timestamp::from_millis(784_111_777_000)),
            max_age_seconds: Some(60),
            format: PhantomData,
        };
        let response = text.into_response();
        let header = |name| response.headers().get(name).and_then(|value| value.to_str().ok());
        assert_eq!(header(header::CONTENT_TYPE), Some("text/plain; charset=utf-8"));
        assert_eq!(header(header::LAST_MODIFIED), Some("Sun, 06 Nov 1994 08:49:37 GMT"));
        assert_eq!(header(header::ETAG), Some("\"7\""));
        assert_eq!(header(header::CACHE_CONTROL), Some("public, max-age=60"));
    }
}
