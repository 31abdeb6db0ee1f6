//! Files that `web` serves from inside the binary: compressed for clients with gzip, and
//! sent once.

use std::io::Read as _;

use flate2::read::GzDecoder;
use http::Method;

use crate::harness::{App, client::Reply, test};

/// The most that the document may weigh on the wire, in bytes an operation: it grows with
/// the groups. It was 60 KB for 71 operations at first.
const OPERATION_BYTES: usize = 600;

/// A file of each kind.
const FILES: [&str; 13] = [
    "/openapi.json",
    "/openapi/orders.json",
    "/docs",
    "/docs/orders",
    "/docs/swagger-ui-bundle.js",
    "/redoc/redoc.standalone.js",
    "/account/sign-in",
    "/events",
    "/events/evening-of-engines",
    "/components/page.css",
    "/problems",
    "/problems/not_found",
    "/domain-events",
];

async fn get(app: &App, path: &str, headers: &[(&str, &str)]) -> Reply {
    let call = app.request(Method::GET, path);
    headers.iter().fold(call, |call, (name, value)| call.header(name, value)).send().await
}

fn unpacked(bytes: &[u8]) -> Vec<u8> {
    let mut unpacked = Vec::new();
    GzDecoder::new(bytes).read_to_end(&mut unpacked).unwrap();
    unpacked
}

#[test]
fn the_document_has_at_most_600_bytes_an_operation_on_the_wire() {
    test(async |app| {
        let packed = get(app, "/openapi.json", &[("accept-encoding", "gzip")]).await;
        assert_eq!(packed.header("content-encoding"), "gzip");
        let document: serde_json::Value = serde_json::from_slice(&unpacked(&packed.bytes)).unwrap();
        let paths = document["paths"].as_object().unwrap().values();
        let operations: usize = paths.map(|path| path.as_object().unwrap().len()).sum();
        let most = operations * OPERATION_BYTES;
        let size = packed.bytes.len();
        assert!((10_000..=most).contains(&size), "{size} bytes for {operations} operations");
    });
}

#[test]
fn clients_that_accept_gzip_get_the_same_content() {
    test(async |app| {
        for path in FILES {
            let plain = get(app, path, &[]).await;
            assert_eq!((plain.status, plain.header("content-encoding")), (200, ""), "{path}");
            for accepted in ["gzip", "br, gzip;q=0.5", "*"] {
                let packed = get(app, path, &[("accept-encoding", accepted)]).await;
                assert_eq!(packed.header("content-encoding"), "gzip", "{path}: {accepted}");
                assert_eq!(packed.header("content-type"), plain.header("content-type"), "{path}");
                assert!(unpacked(&packed.bytes) == plain.bytes, "{path}: {accepted}");
            }
            for refused in ["", "identity", "br", "gzip;q=0"] {
                let reply = get(app, path, &[("accept-encoding", refused)]).await;
                assert_eq!(reply.header("content-encoding"), "", "{path}: {refused}");
            }
        }
    });
}

#[test]
fn every_file_varies_by_encoding_and_is_sent_once() {
    test(async |app| {
        for path in FILES {
            let mut tags = Vec::new();
            for accepted in ["gzip", "identity"] {
                let reply = get(app, path, &[("accept-encoding", accepted)]).await;
                let varies = reply.headers.get_all("vary").iter().any(|it| it == "accept-encoding");
                assert!(varies, "{path}: {accepted}");
                let tag = reply.header("etag").to_owned();
                let known = [("accept-encoding", accepted), ("if-none-match", &*tag)];
                let again = get(app, path, &known).await;
                assert_eq!(
                    (again.status, again.bytes.len(), again.header("etag")),
                    (304, 0, &*tag),
                    "{path}"
                );
                assert_eq!(again.header("content-encoding"), "", "{path}");
                tags.push(tag);
            }
            assert!(tags[0].len() > 10 && tags[0] != tags[1], "{path}: {tags:?}");
        }
    });
}

#[test]
fn a_group_that_does_not_exist_has_no_pages() {
    test(async |app| {
        for path in ["/openapi/nothing.json", "/openapi/orders", "/docs/nothing", "/redoc/nothing"] {
            assert_eq!(app.get(path).await.problem().0, 404, "{path}");
        }
    });
}
