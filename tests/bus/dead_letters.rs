//! An operator's commands on dead letters.

use local::{
    dead_letters::Command,
    operator::{self, OperatorError},
};
use serde_json::{Value, json};

use super::publisher::{envelope, record};
use crate::harness::{App, client, test, test_with_dead_letters};

const LETTERS: &str = "NotificationsDeadLetters";

async fn run(app: &App, command: Command) -> Result<String, OperatorError> {
    let outcome = app.platform.operator().run(operator::Command::DeadLetters(command)).await?;
    Ok(outcome.to_string())
}

async fn show(app: &App, queue: &str) -> String {
    run(app, Command::Show { queue: queue.to_owned() }).await.unwrap()
}

async fn redrive(app: &App, queue: &str, message: Option<String>) -> String {
    run(app, Command::Redrive { queue: queue.to_owned(), message }).await.unwrap()
}

/// Sends a message to a dead-letter queue; returns its id.
async fn set_aside(app: &App, queue: &str, body: &Value) -> String {
    let queues = aws_sdk_sqs::Client::new(&client::sdk_config(&app.platform));
    let url = queues.get_queue_url().queue_name(format!("agora-{queue}")).send().await.unwrap();
    let send = queues.send_message().set_queue_url(url.queue_url).message_body(body.to_string());
    send.send().await.unwrap().message_id.unwrap()
}

/// A `user.created` of a registered user, in the bus's form.
async fn delivery(app: &App, id: &str) -> Value {
    let tokens = app.register().await;
    let me = app.get_as(tokens["access_token"].as_str().unwrap(), "/api/v1/auth/me").await.json();
    let user = me["id"].as_str().unwrap();
    json!({ "detail-type": "user.created", "detail": {
        "id": id, "source": "agora.auth", "type": "user.created", "schema_version": 1, "aggregate_id": user,
        "aggregate_version": 1, "occurred_at": "2026-01-01T00:00:00.000Z", "request_id": "req_of_the_letter",
        "data": { "user_id": user, "role": "USER", "status": "active", "email_verified": false },
    }})
}

#[test]
fn a_letter_is_counted_shown_and_sent_back_to_its_queue() {
    test(async |app| {
        let body = delivery(app, "set-aside.1.0").await;
        set_aside(app, LETTERS, &body).await;
        let list = run(app, Command::List).await.unwrap();
        assert!(list.contains("     1  NotificationsDeadLetters"), "{list}");
        assert!(list.contains("     0  PublisherDeadLetters"), "{list}");
        let shown = show(app, LETTERS).await;
        assert!(shown.contains("user.created set-aside.1.0"), "{shown}");
        assert!(shown.contains("request_id req_of_the_letter"), "{shown}");

        let mails = app.mails_to("ada-marker@example.com").await.len();
        assert_eq!(
            redrive(app, LETTERS, None).await,
            "1 redriven to NotificationsQueue, 0 left in NotificationsDeadLetters."
        );
        assert_eq!(app.mails_to("ada-marker@example.com").await.len(), mails + 1);
        assert_eq!(show(app, LETTERS).await, "NotificationsDeadLetters is empty.");
    });
}

#[test]
fn one_dead_letter_can_be_redriven_alone() {
    test_with_dead_letters(async |app| {
        let body = delivery(app, "meant.1.0").await;
        let meant = set_aside(app, LETTERS, &body).await;
        set_aside(app, LETTERS, &json!("no event")).await;
        assert_eq!(
            redrive(app, LETTERS, Some(meant)).await,
            "1 redriven to NotificationsQueue, 1 left in NotificationsDeadLetters."
        );
        assert!(show(app, LETTERS).await.contains("not an event: 10 bytes"));
    });
}

#[test]
fn a_redriven_record_is_published_and_shown_without_personal_data() {
    test_with_dead_letters(async |app| {
        for events in [envelope("thing.1.0"), "no JSON".to_owned()] {
            let mut record = record("1", None, Some(&events));
            record["dynamodb"]["NewImage"]["email"] = json!({ "S": "ada-marker@example.com" });
            set_aside(app, "PublisherDeadLetters", &record).await;
        }
        let shown = show(app, "PublisherDeadLetters").await;
        assert!(shown.contains("item THING#1") && !shown.contains("ada-marker"), "{shown}");

        redrive(app, "PublisherDeadLetters", None).await;
        let travelled: Vec<_> = app.platform.cloud().travelled().into_iter().map(|event| event.id).collect();
        assert_eq!(travelled, ["thing.1.0"]);
        // A record that still cannot be published becomes a dead letter again.
        let shown = show(app, "PublisherDeadLetters").await;
        assert!(shown.contains("no JSON") && !shown.contains("thing.1.0"), "{shown}");
    });
}

#[test]
fn an_unknown_queue_is_refused() {
    test(async |app| {
        for queue in ["Nowhere", "NotificationsQueue"] {
            let error = run(app, Command::Show { queue: queue.to_owned() }).await.unwrap_err();
            assert!(error.to_string().contains(&format!("no dead-letter queue {queue}")), "{error}");
        }
    });
}
