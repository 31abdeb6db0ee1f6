//! Data that earlier releases wrote (`tests/corpus/`, which says which): every later release
//! reads all of it, and none of it may be changed. Each item and event is also read as a later
//! release may have written it: with fields and words that this one does not know.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::Read as _,
    path::{Path, PathBuf},
};

use aws_lc_rs::digest::{SHA256, digest};
use aws_sdk_dynamodb::{primitives::Blob, types::AttributeValue};
use axum::body::Body;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use flate2::read::GzDecoder;
use http::{
    Request,
    header::{AUTHORIZATION, CONTENT_TYPE},
};
use http_body_util::BodyExt as _;
use local::{
    operator::{Command, Outcome},
    platform::{Data, Options, Platform},
    schema_tools::readers,
};
use serde_json::Value;
use shared::{
    bus::{DomainEvent, Envelope},
    table::item::Attributes,
};

use super::vocabulary;

const FROM_LATER: &str = "from_a_later_release";

fn folder(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("corpus").join(name)
}

/// The samples of a folder by type: those of `<type>.json` and of `<type>~<number>.json`,
/// which has later shapes of the type.
fn samples(name: &str) -> BTreeMap<String, Vec<Value>> {
    let mut samples: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for file in fs::read_dir(folder(name)).unwrap() {
        let path = file.unwrap().path();
        let kind = path.file_stem().unwrap().to_str().unwrap().split('~').next().unwrap().to_owned();
        let more: Vec<Value> = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        samples.entry(kind).or_default().extend(more);
    }
    assert!(!samples.is_empty());
    samples
}

/// An item of DynamoDB's JSON.
fn attributes(item: &Value) -> Attributes {
    item.as_object().unwrap().iter().map(|(name, value)| (name.clone(), attribute(value))).collect()
}

fn attribute(value: &Value) -> AttributeValue {
    let (kind, value) = value.as_object().unwrap().iter().next().unwrap();
    match kind.as_str() {
        "S" => AttributeValue::S(value.as_str().unwrap().to_owned()),
        "N" => AttributeValue::N(value.as_str().unwrap().to_owned()),
        "BOOL" => AttributeValue::Bool(value.as_bool().unwrap()),
        "NULL" => AttributeValue::Null(true),
        "B" => AttributeValue::B(Blob::new(BASE64_STANDARD.decode(value.as_str().unwrap()).unwrap())),
        "L" => AttributeValue::L(value.as_array().unwrap().iter().map(attribute).collect()),
        "M" => AttributeValue::M(attributes(value)),
        other => panic!("the table has no attribute of type {other}"),
    }
}

/// Every variant of a JSON value in which one text that is a word of a vocabulary is
/// replaced by an unknown word.
fn as_later(value: &Value) -> Vec<Value> {
    let words: BTreeSet<String> = vocabulary::words();
    let mut variants = Vec::new();
    let mut paths = Vec::new();
    texts(value, String::new(), &mut paths);
    for (pointer, text) in paths {
        let at_text = pointer.ends_with("/S") || !pointer.contains("/S");
        if at_text && words.contains(&text) {
            let mut variant = value.clone();
            *variant.pointer_mut(&pointer).unwrap() = FROM_LATER.into();
            variants.push(variant);
        }
    }
    variants
}

fn texts(value: &Value, pointer: String, found: &mut Vec<(String, String)>) {
    match value {
        Value::String(text) => found.push((pointer, text.clone())),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                texts(item, format!("{pointer}/{index}"), found);
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                texts(field, format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1")), found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The SHA-256 of each frozen file of a folder, by path.
fn hashes(folder: &Path) -> BTreeMap<String, String> {
    let mut folders = vec![folder.to_owned()];
    let mut hashes = BTreeMap::new();
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
            if name != "README.md" && name != "SHA256SUMS" {
                let hash = digest(&SHA256, &fs::read(&path).unwrap());
                let hex: Vec<String> = hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
                hashes.insert(name, hex.concat());
            }
        }
    }
    hashes
}

/// Each difference between the frozen files and their list.
fn differences(files: &BTreeMap<String, String>, list: &str) -> Vec<String> {
    let listed = list.lines().map(|line| line.split_once("  ").expect("a hash and a path"));
    let listed: BTreeMap<&str, &str> = listed.map(|(hash, name)| (name, hash)).collect();
    let mut differences = Vec::new();
    for (name, hash) in files {
        match listed.get(name.as_str()) {
            Some(frozen) if frozen == hash => {}
            Some(_) => differences.push(format!("{name} has changed: restore it, and add a new sample")),
            None => differences.push(format!("{name} is new: add the line {hash}  {name}")),
        }
    }
    let removed = listed.keys().filter(|name| !files.contains_key(**name));
    differences.extend(removed.map(|name| format!("{name} was removed: restore it")));
    differences
}

#[test]
fn every_frozen_file_is_as_it_was_listed() {
    let list = fs::read_to_string(folder("SHA256SUMS")).unwrap();
    let files = hashes(&folder(""));
    assert!(files.len() > 100, "{}", files.len());
    assert_eq!(differences(&files, &list), Vec::<String>::new());
}

#[test]
fn a_changed_a_new_and_a_removed_frozen_file_are_found() {
    let corpus = tempfile::tempdir().unwrap();
    fs::create_dir(corpus.path().join("items")).unwrap();
    for (name, text) in [("items/lamp.json", "[]"), ("items/oil.json", "[1]"), ("README.md", "# Frozen data")]
    {
        fs::write(corpus.path().join(name), text).unwrap();
    }
    let frozen = hashes(corpus.path());
    let lines: Vec<String> = frozen.iter().map(|(name, hash)| format!("{hash}  {name}\n")).collect();
    let list = lines.concat();
    assert_eq!(frozen.len(), 2);
    assert_eq!(differences(&frozen, &list), Vec::<String>::new());
    fs::write(corpus.path().join("items/lamp.json"), "[ ]").unwrap();
    fs::rename(corpus.path().join("items/oil.json"), corpus.path().join("oil.json")).unwrap();
    let found = differences(&hashes(corpus.path()), &list);
    let starts: Vec<_> = found.iter().map(|text| text.split(':').next().unwrap()).collect();
    let expected = ["items/lamp.json has changed", "oil.json is new", "items/oil.json was removed"];
    assert_eq!(starts, expected, "{found:?}");
}

#[test]
fn every_stored_item_is_read() {
    let readers = readers();
    let mut read = BTreeSet::new();
    for (kind, items) in samples("items") {
        let reader = readers.iter().find(|reader| reader.entity == kind);
        let reader = reader.unwrap_or_else(|| panic!("nobody reads items of type {kind}"));
        read.insert(reader.entity);
        for item in items {
            (reader.read)(attributes(&item)).unwrap_or_else(|failure| panic!("{failure}: {item}"));
        }
    }
    let unseen: Vec<_> = readers.iter().filter(|reader| !read.contains(reader.entity)).collect();
    assert!(unseen.is_empty(), "the corpus has no item of {unseen:?}: add one, change none");
}

#[test]
fn every_entity_has_a_reader() {
    let readers = readers();
    let declared = vocabulary::sources().into_iter().flat_map(|(path, text)| {
        let text = vocabulary::code(&text);
        let types = text.split("const TYPE: &'static str = \"").skip(1);
        // The items of a journal or an import: `entry: ("tree_log_entry", …)`.
        let layouts = text.split("Layout = Layout {").skip(1);
        let layouts = layouts.flat_map(|rest| rest.split("};").next().unwrap().split(": (\"").skip(1));
        let types = types.chain(layouts).map(|rest| rest.split('"').next().unwrap().to_owned());
        types.map(|kind| (path.clone(), kind)).collect::<Vec<_>>()
    });
    let mut count = 0;
    for (path, kind) in declared.filter(|(_, kind)| kind != "lamp") {
        count += 1;
        assert!(readers.iter().any(|reader| reader.entity == kind), "{path}: no reader of {kind}");
    }
    assert!(count > 25, "{count}");
}

/// Names of an item's attributes, each with its type, without the outbox.
fn shape(item: &Attributes) -> BTreeSet<(String, &'static str)> {
    let kind = |value: &AttributeValue| match value {
        AttributeValue::S(_) => "S",
        AttributeValue::N(_) => "N",
        AttributeValue::L(_) => "L",
        _ => "other",
    };
    let own = item.iter().filter(|(name, _)| *name != "events");
    own.map(|(name, value)| (name.clone(), kind(value))).collect()
}

/// After a rollback the previous release reads the items of this one.
#[test]
fn items_of_shared_mechanisms_are_written_as_in_the_corpus() {
    crate::harness::test(async |app| {
        let root = app.administrator("root@example.com").await["access_token"].clone();
        let root = root.as_str().unwrap();
        // As many changes of the tree as trigger a snapshot.
        for number in 0..8 {
            let body = serde_json::json!({ "name": format!("Category {number}") });
            app.post_as(root, "/api/v1/categories", body).await.granted();
        }
        let rows = "sku,title,price,currency\nA-1,Assam,790,EUR\nA-2,Free,gratis,EUR\n";
        let import = app.request(http::Method::POST, "/api/v1/products/import").token(root);
        import.text("text/csv", rows).send().await.granted();
        app.platform.settle().await;
        let scan = app.dynamodb().scan().table_name(&app.platform.stack().table.name);
        let written = scan.into_paginator().items().send().collect::<Result<Vec<_>, _>>().await.unwrap();
        let frozen = samples("items");
        for kind in [
            "tree_log_entry",
            "tree_snapshot",
            "tree_snapshot_part",
            "sku",
            "product_slug",
            "import",
            "import_chunk",
            "import_result",
        ] {
            let frozen: Vec<_> = frozen[kind].iter().map(|item| shape(&attributes(item))).collect();
            let item = written.iter().find(|item| item["type"].as_s().is_ok_and(|found| found == kind));
            let item = item.unwrap_or_else(|| panic!("no {kind} was written"));
            assert!(frozen.contains(&shape(item)), "{kind}: {item:?}");
        }
    });
}

#[test]
fn an_item_of_a_later_release_is_read() {
    let readers = readers();
    let mut changed = 0;
    for (kind, items) in samples("items") {
        let reader = readers.iter().find(|reader| reader.entity == kind).unwrap();
        for item in items {
            let mut more = attributes(&item);
            more.insert("zz_later".to_owned(), AttributeValue::S("x".to_owned()));
            (reader.read)(more).unwrap_or_else(|failure| panic!("{failure}: a field more in {item}"));
            // Without the type, the key and the outbox, which the publisher reads.
            let mut core = item.clone();
            for name in ["type", "events", "pk", "sk"] {
                core.as_object_mut().unwrap().remove(name);
            }
            for mut later in as_later(&core) {
                changed += 1;
                for name in ["type", "pk", "sk"] {
                    later[name] = item[name].clone();
                }
                (reader.read)(attributes(&later)).unwrap_or_else(|failure| panic!("{failure}: {later}"));
            }
        }
    }
    assert!(changed > 50, "only {changed} words were changed");
}

#[test]
fn every_published_event_is_read_and_written_back_alike() {
    let mut kinds = BTreeSet::new();
    for (kind, events) in samples("events") {
        for event in events {
            let envelope = Envelope::decode(&event.to_string()).unwrap_or_else(|e| panic!("{kind}: {e}"));
            assert_eq!(serde_json::to_value(&envelope).unwrap(), event);
        }
        kinds.insert(kind);
    }
    let unseen: Vec<_> = DomainEvent::TYPES.iter().filter(|kind| !kinds.contains(**kind)).collect();
    assert!(unseen.is_empty(), "the corpus has no event of {unseen:?}: add one, change none");
}

#[test]
fn an_event_of_a_later_release_is_read_and_written_back_alike() {
    let mut changed = 0;
    for (kind, events) in samples("events") {
        for event in events {
            let mut more = event.clone();
            more["data"]["zz_later"] = 1.into();
            more["zz_later"] = 1.into();
            Envelope::decode(&more.to_string()).unwrap_or_else(|error| panic!("{kind}: {error}"));
            for data in as_later(&event["data"]) {
                changed += 1;
                let mut later = event.clone();
                later["data"] = data;
                let read = Envelope::decode(&later.to_string()).unwrap_or_else(|e| panic!("{e}: {later}"));
                assert_eq!(serde_json::to_value(&read).unwrap(), later);
            }
        }
    }
    assert!(changed > 20, "only {changed} words were changed");
}

/// A temporary copy of the data folder of 93abaf4.
pub fn data_folder() -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    // Marker of a platform's data folder.
    fs::write(copy.path().join("agora.lock"), "").unwrap();
    for file in fs::read_dir(folder("data")).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let mut bytes = fs::read(&path).unwrap();
        let name = match name.strip_suffix(".gz") {
            Some(name) => {
                let mut plain = Vec::new();
                GzDecoder::new(bytes.as_slice()).read_to_end(&mut plain).unwrap();
                bytes = plain;
                name.to_owned()
            }
            None => name,
        };
        fs::write(copy.path().join(name), bytes).unwrap();
    }
    copy
}

/// The administrator of the frozen folder; the account exists only there.
const ADMINISTRATOR: (&str, &str) = ("admin@example.com", "tok_01m8eppsmhe9x8kfncg0sxjp21");

/// Starts the platform with a frozen folder; returns it with a token of its
/// administrator.
pub async fn start(folder: &tempfile::TempDir) -> (Platform, String) {
    let options = Options { data: Data::Folder(folder.path().to_owned()), ..Options::memory().unwrap() };
    let platform = Platform::start(options).await.unwrap();
    let body = serde_json::json!({ "email": ADMINISTRATOR.0, "password": ADMINISTRATOR.1 });
    let request = Request::post("/api/v1/auth/login").header(CONTENT_TYPE, "application/json");
    let reply = platform.request(request.body(Body::from(body.to_string())).unwrap()).await;
    assert_eq!(reply.status(), 200);
    let bytes = reply.into_body().collect().await.unwrap().to_bytes();
    let body: Value = serde_json::from_slice(&bytes).unwrap();
    (platform, body["access_token"].as_str().unwrap().to_owned())
}

pub async fn get(platform: &Platform, token: &str, path: &str) -> Value {
    let request = Request::get(path).header(AUTHORIZATION, format!("Bearer {token}"));
    let reply = platform.request(request.body(Body::empty()).unwrap()).await;
    let status = reply.status();
    let bytes = reply.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(status, 200, "{path}: {}", String::from_utf8_lossy(&bytes));
    serde_json::from_slice(&bytes).unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// Every entry of a list, page by page.
pub async fn all(platform: &Platform, token: &str, path: &str) -> Vec<Value> {
    let (mut entries, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = get(platform, token, &format!("{path}limit=50{cursor}")).await;
        entries.extend(page["data"].as_array().unwrap().iter().cloned());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return entries,
        }
    }
}

#[tokio::test]
async fn the_data_folder_opens_and_everything_in_it_is_shown() {
    let folder = data_folder();
    let (platform, token) = start(&folder).await;
    let token = token.as_str();

    let users = all(&platform, token, "/api/v1/users?").await;
    let products = all(&platform, token, "/api/v1/products?").await;
    let drafts = all(&platform, token, "/api/v1/products?status=draft&").await;
    let orders = all(&platform, token, "/api/v1/orders?").await;
    let categories = all(&platform, token, "/api/v1/categories?").await;
    assert!(users.len() >= 50 && products.len() >= 55 && !drafts.is_empty());
    assert!(orders.len() >= 45 && categories.len() >= 8, "{} {}", orders.len(), categories.len());
    for (path, entries) in
        [("users", &users), ("products", &products), ("orders", &orders), ("categories", &categories)]
    {
        for entry in entries {
            let shown = get(&platform, token, &format!("/api/v1/{path}/{}", text(&entry["id"]))).await;
            assert_eq!(shown["id"], entry["id"]);
        }
    }
    for product in &products {
        let whole = get(&platform, token, &format!("/api/v1/products/{}", text(&product["id"]))).await;
        let skus = match whole["variants"].as_array().unwrap().as_slice() {
            [] => vec![text(&whole["sku"])],
            variants => variants.iter().map(|variant| text(&variant["sku"])).collect(),
        };
        for sku in skus {
            get(&platform, token, &format!("/api/v1/stock/{sku}")).await;
        }
    }
    match platform.operator().run(Command::ReconcileStock).await {
        Ok(Outcome::Reconciled(report)) => assert!(report.right > 100, "{report:?}"),
        other => panic!("{other:?}"),
    }
    platform.shutdown().await;
}

/// True if the list of products with this filter has the id.
pub async fn lists(platform: &Platform, token: &str, filter: &str, value: &str, id: &str) -> bool {
    let value: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
    let found = all(platform, token, &format!("/api/v1/products?{filter}={value}&")).await;
    let count = found.iter().filter(|product| product["id"] == id).count();
    assert!(count <= 1, "{filter}={value}");
    count == 1
}

/// Its accounts have no public profile until they log in.
#[tokio::test]
async fn an_account_of_the_data_folder_founds_an_organization() {
    let folder = data_folder();
    let (platform, token) = start(&folder).await;
    let request = Request::post("/api/v1/organizations").header(CONTENT_TYPE, "application/json");
    let request = request.header(AUTHORIZATION, format!("Bearer {token}"));
    let reply = platform.request(request.body(Body::from(r#"{"name": "Tea House"}"#)).unwrap()).await;
    assert_eq!(reply.status(), 201);
    let mine = get(&platform, &token, "/api/v1/organizations/mine").await;
    assert_eq!(mine["data"][0]["name"], "Tea House");
}

#[tokio::test]
async fn products_of_the_data_folder_are_found_changed_and_deleted_whole() {
    let folder = data_folder();
    let (platform, token) = start(&folder).await;
    let token = token.as_str();
    let write = async |method: &str, id: &str, body: Value| {
        let request = Request::builder().method(method).uri(format!("/api/v1/products/{id}"));
        let request = request.header(AUTHORIZATION, format!("Bearer {token}"));
        let request = request.header(CONTENT_TYPE, "application/json");
        platform.request(request.body(Body::from(body.to_string())).unwrap()).await.status().as_u16()
    };
    let products = all(&platform, token, "/api/v1/products?").await;
    for (number, product) in products.iter().enumerate() {
        let id = text(&product["id"]);
        let whole = get(&platform, token, &format!("/api/v1/products/{id}")).await;
        let title = text(&whole["title"]);
        let last = title.split(' ').next_back().unwrap();
        let sku = match whole["variants"].as_array().unwrap().as_slice() {
            [] => text(&whole["sku"]).to_owned(),
            [first, ..] => text(&first["sku"]).to_owned(),
        };
        let brand = whole["attributes"]["brand"].as_str();
        let is_found = async || {
            assert!(lists(&platform, token, "q", last, id).await, "{last}");
            assert!(lists(&platform, token, "q", &sku, id).await, "{sku}");
            assert!(lists(&platform, token, "sku", &sku.to_lowercase(), id).await, "{sku}");
            if let Some(brand) = brand {
                assert!(lists(&platform, token, "brand", brand, id).await, "{brand}");
            }
        };
        if number % 10 == 0 {
            is_found().await;
        }
        // Only the named field changes, and every list is as before.
        assert_eq!(
            write("PATCH", id, serde_json::json!({ "description": "Зелёный чай" })).await,
            200,
            "{whole}"
        );
        if number % 10 == 0 {
            is_found().await;
            assert_eq!(write("PATCH", id, serde_json::json!({ "title": "Ёлка" })).await, 200);
            assert!(!lists(&platform, token, "q", last, id).await, "{last}");
            assert!(lists(&platform, token, "q", "елка", id).await);
        }
    }
    for product in &products {
        assert_eq!(write("DELETE", text(&product["id"]), Value::Null).await, 204);
    }
    for product in products.iter().step_by(5) {
        for word in text(&product["title"]).split(' ').chain(["елка"]) {
            assert!(!lists(&platform, token, "q", word, text(&product["id"])).await, "{word}");
        }
    }
    platform.shutdown().await;
}
