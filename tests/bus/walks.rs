//! Walks over long lists: cut after each page, complete, and once for each item.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
    time::Duration,
};

use aws_sdk_dynamodb::types::AttributeValue;
use http::Method;
use local::{dead_letters::Command, functions::FUNCTIONS, functions::Handler, operator};
use serde_json::{Value, json};
use shared::{
    bus::{
        DomainEvent,
        events::{CategoryDeleted, UserDeleted, UserExportRequested},
    },
    id::{CategoryKind, EventKind, OrderKind, OrganizationKind, SessionKind, UserId},
    lambda::SqsHandler,
    table::item::Attributes,
    walk::PAGE,
};
use tokio::time::Instant;

use crate::{
    api::v1::orders::{ADA, ROOT, call, command, counts, of, offer, order, ordered, token},
    harness::{
        App, answering, client, test, test_in_a_folder, test_of, test_with_dead_letters,
        walks::{HURRY, WALKERS, in_a_hurry},
    },
};

/// Operations whose lists are longer than their budgets assume.
pub const LISTS: [&str; 11] = [
    "notifications.list_members",
    "events.list_events",
    "events.put_export_list",
    "users.erasure.list",
    "catalog.list_made_by",
    "catalog.put_export_part",
    "orders.list_orders",
    "users.export.list_sessions",
    "users.list_export",
    "organizations.list_memberships",
    "organizations.put_export_part",
];

/// Number of orders in the default tests: seven and a half pages.
const ORDERS: u32 = 300;

/// An instance of a consumer.
async fn consumer(app: &App, id: &str) -> SqsHandler {
    start(id, app.environment(id)).await
}

async fn start(id: &str, environment: shared::Environment) -> SqsHandler {
    let declared = FUNCTIONS.iter().find(|declared| declared.id == id).unwrap();
    match declared.start(environment).await.unwrap() {
        Handler::Queue(handler) => handler,
        Handler::Http(_) | Handler::Stream(_) | Handler::Schedule(_) => panic!("{id} reads no queue"),
    }
}

fn user_id(tokens: &Value) -> UserId {
    tokens["user"]["id"].as_str().unwrap().parse().unwrap()
}

/// A fulfilled order with an address and a note.
async fn fulfilled(app: &App, tokens: &Value, root: &Value) -> Value {
    let mut body = of("TEA", 1);
    body["shipping_address"] = json!({ "street": "1 Marker", "city": "London", "country": "GB" });
    body["note"] = "Ring twice.".into();
    let made = order(app, tokens, "fulfilled", &body).await.json();
    for verb in ["confirm", "fulfil"] {
        command(app, root, &made, verb).await.granted();
    }
    made
}

/// Copies an order; returns the ids of the copies and its own.
async fn copies(app: &App, order: &Value, count: u32) -> BTreeSet<String> {
    let id = order["id"].as_str().unwrap();
    let copies = app.copy_item::<OrderKind>(&format!("ORDER#{id}"), "ORDER", id, count).await;
    copies.into_iter().chain([id.to_owned()]).collect()
}

/// A user with more sessions, orders, categories and memberships than one page holds, and
/// the consumers that walk them.
pub async fn long_lists(app: &App) -> (UserId, Vec<SqsHandler>) {
    let count = u32::try_from(PAGE).unwrap();
    let owner = app.administrator("owner-marker@example.com").await;
    let id = user_id(&owner);
    offer(app, 9, "LONG", 10).await;
    let first = ordered(app, &owner, "LONG", 1).await;
    copies(app, &first, count).await;
    sessions(app, id, count).await;
    categories(app, &owner, count).await;
    memberships(app, &owner, count).await;
    drafts(app, &owner, count).await;
    let mut consumers = Vec::new();
    for id in WALKERS {
        consumers.push(consumer(app, id).await);
    }
    (id, consumers)
}

/// Copies a user's session.
async fn sessions(app: &App, user: UserId, count: u32) {
    let tokens = app.query(&format!("SESSION#{user}")).await;
    let id = tokens[0]["id"].as_s().unwrap();
    app.copy_item::<SessionKind>(&format!("SESSION#{user}"), id, id, count).await;
}

/// Creates an organisation, and copies its owner's membership to others.
async fn memberships(app: &App, owner: &Value, count: u32) {
    let made = call(app, owner, Method::POST, "/api/v1/organizations").json(&json!({ "name": "Long" }));
    let made = made.send().await.json();
    let id = made["id"].as_str().unwrap();
    let user = user_id(owner).to_string();
    app.copy_item::<OrganizationKind>(&format!("MEMBER#{id}"), &user, id, count).await;
}

/// Creates and copies a draft of an event.
async fn drafts(app: &App, owner: &Value, count: u32) {
    let draft = call(app, owner, Method::POST, "/api/v1/events").json(&json!({ "title": "Long" }));
    let draft = draft.send().await.json();
    let id = draft["id"].as_str().unwrap();
    app.copy_item::<EventKind>(&format!("EVENT#{id}"), "EVENT", id, count).await;
}

/// Creates and copies a category; returns the ids.
async fn categories(app: &App, owner: &Value, count: u32) -> BTreeSet<String> {
    let category = call(app, owner, Method::POST, "/api/v1/categories").json(&json!({ "name": "Long" }));
    let category = category.send().await.json();
    let id = category["id"].as_str().unwrap();
    let copies = app.copy_item::<CategoryKind>(&format!("CATEGORY#{id}"), "CATEGORY", id, count).await;
    copies.into_iter().chain([id.to_owned()]).collect()
}

/// Requests an export and waits for it; returns its path.
async fn export(app: &App, tokens: &Value) -> String {
    let begun = call(app, tokens, Method::POST, "/api/v1/users/me/export").send().await;
    assert_eq!(begun.status, 202);
    app.settle_walks().await;
    begun.header("location").to_owned()
}

/// The names of the parts of a completed export, as its owner sees them.
async fn parts(app: &App, tokens: &Value, path: &str) -> Vec<String> {
    let (mut names, mut query) = (Vec::new(), "?limit=100".to_owned());
    loop {
        let page = app.get_as(token(tokens), &format!("{path}{query}")).await.json();
        assert_eq!(page["status"], "done");
        let data = page["data"].as_array().unwrap();
        names.extend(data.iter().map(|part| part["name"].as_str().unwrap().to_owned()));
        match page["next_cursor"].as_str() {
            Some(cursor) => query = format!("?limit=100&cursor={cursor}"),
            None => return names,
        }
    }
}

/// Expected outcomes of a walk over `items` that is cut after each page.
fn cut(items: usize) -> Vec<String> {
    let mut outcomes = vec!["continued".to_owned(); items / PAGE];
    outcomes.push("done".to_owned());
    outcomes
}

/// True if an order has no personal data.
fn is_erased(order: &Attributes) -> bool {
    !order.contains_key("shipping_address")
        && !order.contains_key("note")
        && order["fingerprint"].as_s().unwrap().is_empty()
}

#[test]
fn an_export_cut_after_each_page_has_each_order_once() {
    test_of(in_a_hurry, async |app| {
        app.has_long_lists(&LISTS);
        let (ada, root) = (app.register_as(ADA).await, app.administrator(ROOT).await);
        offer(app, 1, "TEA", 10).await;
        let ids = copies(app, &fulfilled(app, &ada, &root).await, ORDERS).await;
        let path = export(app, &ada).await;
        let mut names = parts(app, &ada, &path).await;
        names.retain(|name| name.starts_with("orders."));
        let wanted: Vec<String> = ids.iter().map(|id| format!("orders.order.{id}")).collect();
        assert_eq!(names, wanted);
        assert_eq!(app.uses("orders.export.put_part"), ORDERS + 1);
        assert_eq!(app.outcomes("orders-consumer", "user.export_requested"), cut(ids.len()));
        assert_eq!(app.uses("orders.export.finish"), 1, "after the last page");
    });
}

#[test]
fn an_erasure_cut_after_each_page_handles_each_order_once() {
    test_of(in_a_hurry, async |app| {
        app.has_long_lists(&LISTS);
        let (ada, root) = (app.register_as(ADA).await, app.administrator(ROOT).await);
        offer(app, 1, "TEA", 100).await;
        let ids = copies(app, &fulfilled(app, &ada, &root).await, ORDERS).await;
        let mut open = BTreeSet::new();
        for number in 0..12 {
            let order = order(app, &ada, &format!("open-{number}"), &of("TEA", 1)).await.json();
            if number % 2 == 0 {
                command(app, &root, &order, "confirm").await.granted();
            }
            open.insert(order["id"].as_str().unwrap().to_owned());
        }
        app.platform.settle().await;
        assert_eq!(counts(app, &root, "TEA").await, (87, 6, 7));
        let version = async |id: &str| {
            let order = app.item(&format!("ORDER#{id}"), "ORDER").await.unwrap();
            order["version"].as_n().unwrap().parse::<u64>().unwrap()
        };
        let mut versions = Vec::new();
        for id in ids.iter().chain(&open) {
            versions.push(version(id).await);
        }

        assert_eq!(app.delete_as(token(&ada), "/api/v1/users/me").await.status, 204);
        app.settle_walks().await;
        for (id, before) in ids.iter().chain(&open).zip(versions) {
            let order = app.item(&format!("ORDER#{id}"), "ORDER").await.unwrap();
            assert!(is_erased(&order), "{id}: {order:?}");
            assert_eq!(version(id).await, before + 1, "{id} is written once");
        }
        assert_eq!(counts(app, &root, "TEA").await, (99, 0, 1));
        let cancelled = app.platform.cloud().travelled().into_iter();
        let cancelled: Vec<String> =
            cancelled.filter(|event| event.r#type == "order.cancelled").map(|event| event.id).collect();
        let about: BTreeSet<String> =
            cancelled.iter().map(|id| id.split('.').next().unwrap().to_owned()).collect();
        assert_eq!((cancelled.len(), about), (open.len(), open.clone()), "each once");
        assert_eq!(app.outcomes("orders-consumer", "user.deleted"), cut(ids.len() + open.len()));
    });
}

#[test]
fn sessions_and_created_items_are_exported_and_erased_page_by_page() {
    test_of(in_a_hurry, async |app| {
        app.has_long_lists(&LISTS);
        let (ada, _) = (app.administrator(ADA).await, app.administrator(ROOT).await);
        let ids = categories(app, &ada, 90).await;
        sessions(app, user_id(&ada), 85).await;
        app.platform.settle().await;
        let path = export(app, &ada).await;
        let names = parts(app, &ada, &path).await;
        let of = |group: &str| names.iter().filter(|name| name.starts_with(group)).count();
        assert_eq!((of("users.account"), of("users.session."), of("catalog.made.")), (1, 87, 3));
        assert_eq!(app.uses("users.export.put_part"), 88);
        assert_eq!(app.outcomes("users-consumer", "user.export_requested"), cut(87));
        assert_eq!(app.outcomes("catalog-consumer", "user.export_requested"), cut(ids.len()));
        let part = app.query(&format!("EXPORT#{}", user_id(&ada))).await;
        let made: String = part.iter().filter_map(|part| part.get("data")?.as_s().ok()).cloned().collect();
        assert!(ids.iter().all(|id| made.matches(id.as_str()).count() == 1));

        assert_eq!(app.delete_as(token(&ada), "/api/v1/users/me").await.status, 204);
        app.settle_walks().await;
        for id in &ids {
            let category = app.item(&format!("CATEGORY#{id}"), "CATEGORY").await.unwrap();
            assert!(!matches!(category.get("created_by"), Some(AttributeValue::S(_))), "{category:?}");
        }
        // The list loses handled items: none is repeated, and none skipped.
        assert_eq!(app.uses("catalog.forget_category_maker"), 91);
        assert_eq!(app.outcomes("catalog-consumer", "user.deleted"), cut(ids.len()));
    });
}

#[test]
fn a_repeated_delivery_of_a_continued_walk_erases_each_order_once() {
    test(async |app| {
        app.has_long_lists(&LISTS);
        let (ada, root) = (app.register_as(ADA).await, app.administrator(ROOT).await);
        offer(app, 1, "TEA", 10).await;
        let ids = copies(app, &fulfilled(app, &ada, &root).await, 100).await;
        let consumer = consumer(app, "OrdersConsumer").await;
        for _ in 0..2 {
            let deleted = DomainEvent::UserDeleted(UserDeleted { user_id: user_id(&ada) });
            assert!(app.hand_over_in(HURRY, &consumer, (deleted, 9), None).await);
        }
        app.settle_walks().await;
        for id in &ids {
            let order = app.item(&format!("ORDER#{id}"), "ORDER").await.unwrap();
            assert!(is_erased(&order) && order["version"].as_n().unwrap() == "4", "{order:?}");
        }
        let outcomes = app.outcomes("orders-consumer", "user.deleted");
        assert_eq!(outcomes, ["continued", "continued", "done", "done"]);
    });
}

#[test]
fn a_cursor_that_cannot_be_read_is_a_named_failure() {
    test(async |app| {
        app.expects_errors(&["failed: internal: the cursor of a continuation cannot be read"]);
        let export = UserExportRequested { export_id: App::id(1), user_id: App::id(2) };
        let category = CategoryDeleted { category_id: App::id(3), successor_id: None };
        let deleted = DomainEvent::UserDeleted(UserDeleted { user_id: App::id(2) });
        let export = DomainEvent::UserExportRequested(export);
        for (id, event) in [
            ("UsersConsumer", &export),
            ("OrdersConsumer", &export),
            ("OrdersConsumer", &deleted),
            ("CatalogConsumer", &export),
            ("CatalogConsumer", &deleted),
            ("CatalogConsumer", &DomainEvent::CategoryDeleted(category)),
        ] {
            let consumer = consumer(app, id).await;
            for cursor in ["garbled", ""] {
                let taken = app.hand_over_in(HURRY, &consumer, (event.clone(), 2), Some(cursor)).await;
                assert!(!taken, "{id} {}", event.kind());
            }
        }
        assert_eq!(app.lines.errors().len(), 12);
    });
}

/// Runs one page, and returns the continuation instead of sending it.
async fn continuation(app: &App, id: &str, event: (DomainEvent, u64)) -> String {
    let sent = Arc::new(Mutex::new(None));
    let keep = Arc::clone(&sent);
    let mut environment = app.environment(id);
    let connection = answering(environment.aws.http_client().unwrap(), move |body| {
        let call: Value = serde_json::from_str(body).ok()?;
        *keep.lock().unwrap() = Some(call["MessageBody"].as_str()?.to_owned());
        Some((200, json!({ "MessageId": "m", "MD5OfMessageBody": "" }).to_string()))
    });
    environment.aws = environment.aws.into_builder().http_client(connection).build();
    let consumer = start(id, environment).await;
    assert!(app.hand_over_in(HURRY, &consumer, event, None).await);
    sent.lock().unwrap().take().expect("a continuation")
}

#[test]
fn a_dead_letter_of_a_walk_is_redriven_from_its_cursor() {
    test_with_dead_letters(async |app| {
        app.has_long_lists(&LISTS);
        let (ada, root) = (app.register_as(ADA).await, app.administrator(ROOT).await);
        offer(app, 1, "TEA", 10).await;
        let ids = copies(app, &fulfilled(app, &ada, &root).await, 100).await;
        let deleted = DomainEvent::UserDeleted(UserDeleted { user_id: user_id(&ada) });
        let message = continuation(app, "OrdersConsumer", (deleted, 9)).await;
        let queues = aws_sdk_sqs::Client::new(&client::sdk_config(&app.platform));
        let url = queues.get_queue_url().queue_name("agora-OrdersConsumerDeadLetters").send().await.unwrap();
        let send = queues.send_message().set_queue_url(url.queue_url).message_body(message);
        send.send().await.unwrap();
        let run = async |command: Command| {
            let outcome = app.platform.operator().run(operator::Command::DeadLetters(command)).await;
            outcome.unwrap().to_string()
        };
        let queue = || "OrdersConsumerDeadLetters".to_owned();
        let shown = run(Command::Show { queue: queue() }).await;
        assert!(shown.contains("user.deleted") && shown.contains("continuation from cursor"), "{shown}");
        let before = app.uses("orders.replace_order");
        run(Command::Redrive { queue: queue(), message: None }).await;
        app.settle_walks().await;
        assert_eq!(app.uses("orders.replace_order") - before, 101 - u32::try_from(PAGE).unwrap());
        for id in &ids {
            assert!(is_erased(&app.item(&format!("ORDER#{id}"), "ORDER").await.unwrap()));
        }
    });
}

/// Prints the outcome of each delivery of a walk of orders.
fn print_deliveries(app: &App, action: &str) {
    for line in app.lines.of("orders-consumer").iter().filter(|line| line.action == action) {
        let gets = line.operations.get("orders.get_order").map_or(0, |consumption| consumption.uses);
        println!("{action} {}: {gets} orders in {} ms {:?}", line.outcome, line.latency_ms, line.cause);
    }
}

/// `cargo test -p tests --test all walks -- --ignored --nocapture`
#[test]
#[ignore = "takes a quarter of an hour"]
fn a_user_with_a_hundred_thousand_orders_is_exported_and_erased() {
    const MANY: u32 = 99_999;
    let patience = Duration::from_hours(3);
    test_in_a_folder(async |app| {
        app.has_long_lists(&LISTS);
        // A stall of ten seconds makes a delivery repeat; the walk goes on.
        app.tolerates_errors(&["failed: deadline"]);
        let (ada, root) = (app.register_as(ADA).await, app.administrator(ROOT).await);
        offer(app, 1, "TEA", 10).await;
        let began = Instant::now();
        let ids = copies(app, &fulfilled(app, &ada, &root).await, MANY).await;
        println!("{} orders made in {:?}", ids.len(), began.elapsed());

        let began = Instant::now();
        let job = call(app, &ada, Method::POST, "/api/v1/users/me/export").send().await;
        tokio::time::timeout(patience, app.platform.settle()).await.expect("an export ends");
        let deliveries = app.outcomes("orders-consumer", "user.export_requested");
        println!("exported in {:?}, {} deliveries", began.elapsed(), deliveries.len());
        print_deliveries(app, "user.export_requested");
        assert!(deliveries.len() > 1 && deliveries.iter().filter(|it| *it == "done").count() == 1);
        println!("{} parts written", app.uses("orders.export.put_part"));
        let ada = app.log_in(ADA).await;
        let export = app.get_as(token(&ada), &format!("{}?limit=1", job.header("location"))).await.json();
        assert_eq!(export["status"], "done");
        let parts = app.query(&format!("EXPORT#{}", user_id(&ada))).await;
        let parts = parts.iter().filter(|part| part["sk"].as_s().unwrap().contains("#orders.order."));
        assert_eq!(parts.count(), ids.len());

        let began = Instant::now();
        assert_eq!(app.delete_as(token(&ada), "/api/v1/users/me").await.status, 204);
        tokio::time::timeout(patience, app.platform.settle()).await.expect("an erasure ends");
        let deliveries = app.outcomes("orders-consumer", "user.deleted");
        println!("erased in {:?}, {} deliveries", began.elapsed(), deliveries.len());
        print_deliveries(app, "user.deleted");
        assert!(deliveries.len() > 1 && deliveries.iter().filter(|it| *it == "done").count() == 1);
        for id in &ids {
            let order = app.item(&format!("ORDER#{id}"), "ORDER").await.unwrap();
            assert!(is_erased(&order) && order["version"].as_n().unwrap() == "4", "{order:?}");
        }
    });
}

#[test]
fn memberships_are_exported_page_by_page() {
    test_of(in_a_hurry, async |app| {
        app.has_long_lists(&LISTS);
        let ada = app.register_as(ADA).await;
        memberships(app, &ada, 85).await;
        app.platform.settle().await;
        let path = export(app, &ada).await;
        let names = parts(app, &ada, &path).await;
        assert_eq!(names.iter().filter(|name| name.starts_with("organizations.memberships.")).count(), 3);
        assert_eq!(app.outcomes("organizations-consumer", "user.export_requested"), cut(86));
    });
}
