//! The batch runner: queue -> reactions.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use aws_lambda_events::sqs::SqsEvent;
use serde_json::json;
use shared::{
    Failure,
    bus::batch::{Delivery, Reactions, SqsHandler},
    lambda::Invocation,
};

use crate::harness::{App, test};

/// Records the ids of events; fails, panics or hangs if the id says so.
#[derive(Clone, Default)]
struct Recorder(Arc<Mutex<Vec<String>>>);

impl Reactions for Recorder {
    const EVENT_TYPES: &'static [&'static str] = &["user.created"];

    async fn react(&self, Delivery { envelope, .. }: &Delivery) -> Result<(), Failure> {
        self.0.lock().unwrap().push(envelope.id.clone());
        match envelope.id.as_str() {
            "fails" => Err(Failure::internal("as asked")),
            "panics" => panic!("as asked"),
            "hangs" => std::future::pending().await,
            _ => Ok(()),
        }
    }
}

const USER: &str = "user_01h455vb4pex5vsknk084sn02q";

fn body(id: &str, kind: &str, schema_version: u32) -> String {
    json!({
        "version": "0", "id": "x", "detail-type": kind, "source": "agora.auth",
        "detail": {
            "id": id, "source": "agora.auth", "type": kind, "schema_version": schema_version, "aggregate_id": USER,
            "aggregate_version": 1, "occurred_at": "2026-01-01T00:00:00.000Z", "colour": "of a later version",
            "data": { "user_id": USER, "role": "USER", "status": "active", "email_verified": false, "more": 1 },
        },
    })
    .to_string()
}

async fn run(app: &App, bodies: &[String]) -> (Vec<String>, Vec<String>) {
    let (_, context) =
        app.environment("Notifications").open::<notifications::Config>("notifications").unwrap();
    let recorder = Recorder::default();
    let handler = SqsHandler::new(context, recorder.clone());
    let records: Vec<_> = bodies
        .iter()
        .enumerate()
        .map(|(at, body)| json!({ "messageId": format!("m{at}"), "body": body, "eventSource": "aws:sqs" }))
        .collect();
    let event: SqsEvent = serde_json::from_value(json!({ "Records": records })).unwrap();
    let deadline = tokio::time::Instant::now() + Duration::from_millis(500);
    let response = handler.call(event, Invocation { deadline, client_address: None }).await;
    let failed = response.batch_item_failures.into_iter().map(|it| it.item_identifier).collect();
    let came = recorder.0.lock().unwrap().clone();
    (came, failed)
}

#[test]
fn one_poison_of_ten_is_the_only_one_to_come_again() {
    test(async |app| {
        app.expects_errors(&["failed: malformed event"]);
        let mut bodies: Vec<String> = (0..9).map(|at| body(&format!("e{at}"), "user.created", 1)).collect();
        bodies.insert(4, "{".to_owned());
        let (came, failed) = run(app, &bodies).await;
        assert_eq!((came.len(), failed), (9, vec!["m4".to_owned()]));
    });
}

#[test]
fn a_message_that_fails_panics_or_hangs_fails_alone() {
    test(async |app| {
        app.expects_errors(&["failed: internal: as asked", "failed: panic", "failed: deadline"]);
        let bodies = ["fails", "good", "panics", "hangs"].map(|id| body(id, "user.created", 1));
        let (_, failed) = run(app, &bodies).await;
        assert_eq!(failed, ["m0", "m2", "m3"]);
        let mut causes: Vec<_> =
            app.lines.of("notifications").into_iter().filter_map(|line| line.cause).collect();
        causes.sort();
        assert_eq!(causes, ["deadline", "internal: as asked", "panic"]);
    });
}

#[test]
fn an_unknown_type_is_skipped_and_a_later_version_read() {
    test(async |app| {
        let bodies = [body("unknown", "comet.seen", 1), body("later", "user.created", 7)];
        let (came, failed) = run(app, &bodies).await;
        assert_eq!((came, failed), (vec!["later".to_owned()], Vec::new()));
        let outcomes: Vec<_> = app.lines.of("notifications").into_iter().map(|line| line.outcome).collect();
        assert!(outcomes.contains(&"skipped".to_owned()), "{outcomes:?}");
    });
}
