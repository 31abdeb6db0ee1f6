//! Cursors and messages of continuations.

use std::sync::{Arc, Mutex};

use local::{dead_letters::Command, operator};
use serde_json::{Value, json};
use shared::{
    bus::{
        DomainEvent,
        events::{CategoryDeleted, UserDeleted, UserExportRequested},
    },
    walk::PAGE,
};

use super::{
    LISTS,
    helpers::{consumer, is_erased, start, user_id},
    lists::{copies, fulfilled},
};
use crate::{
    api::v1::orders::{ADA, ROOT, offer},
    harness::{App, answering, client, test, test_with_dead_letters, walks::HURRY},
};

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
