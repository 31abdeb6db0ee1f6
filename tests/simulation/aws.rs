//! AWS for the functions of one seed: the local cloud's engine for the table, secrets
//! and mails; the bus and the queues by hand, so that the seed decides on every
//! delivery; faults on all of it.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use bytes::Bytes;
use http::{Request, Response};
use local::{cloud::Cloud, stack::Stack};
use serde_json::{Value, json};
use shared::clock::Clock;
use tokio::sync::{Notify, futures::Notified};

use super::{
    bus::Bus,
    faults::{Fault, Faults, Kind, Plan},
    later,
    queues::Queues,
    stream::Stream,
    trace::Trace,
};

/// One seed's AWS.
pub struct Aws {
    pub cloud: Cloud,
    pub faults: Faults,
    pub trace: Trace,
    pub stream: Mutex<Stream>,
    pub bus: Bus,
    pub queues: Queues,
    /// Number of calls that are still to be performed without a waiting caller.
    pub late: AtomicUsize,
    /// (A `watch` would wake its receivers in an order of its own.)
    changes: Notify,
}

/// A call, parsed as far as faults need it.
#[derive(Debug)]
pub struct Call {
    /// `DynamoDB_20120810.GetItem`; SES has none.
    target: String,
    pub body: Value,
    request: Request<Bytes>,
}

impl Call {
    pub fn new(request: Request<Bytes>) -> Self {
        let target = request.headers().get("x-amz-target").map(|target| target.to_str().unwrap());
        let target = target.unwrap_or("SES.SendEmail").to_owned();
        Self { target, body: serde_json::from_slice(request.body()).unwrap_or_default(), request }
    }

    /// `GetItem`.
    pub fn operation(&self) -> &str {
        self.target.split_once('.').map_or("", |(_, operation)| operation)
    }

    pub fn kind(&self) -> Kind {
        match self.operation() {
            "GetItem" | "Query" if self.body["ConsistentRead"] != true => Kind::WeakRead,
            "GetItem" | "Query" => Kind::Read,
            "BatchGetItem" => match self.body["RequestItems"].as_object() {
                Some(tables) if tables.values().any(|keys| keys["ConsistentRead"] != true) => Kind::WeakRead,
                Some(_) | None => Kind::Read,
            },
            "PutItem" | "UpdateItem" | "DeleteItem" | "TransactWriteItems" => Kind::Write,
            "PutEvents" => Kind::Events,
            _ => Kind::Other,
        }
    }

    /// Subject of the call, for the trace.
    pub fn about(&self) -> String {
        let key = |part: &Value| {
            let key = if part["Item"].is_object() { &part["Item"] } else { &part["Key"] };
            key["pk"]["S"].as_str().unwrap_or_default().to_owned()
        };
        match self.body["TransactItems"].as_array() {
            Some(parts) => {
                let parts = parts.iter().flat_map(|part| part.as_object().into_iter().flatten());
                parts.map(|(_, part)| key(part)).collect::<Vec<_>>().join(" ")
            }
            None => key(&self.body),
        }
    }
}

impl Aws {
    pub async fn start(seed: u64, stack: &Stack, clock: &Clock, trace: Trace) -> Arc<Self> {
        // The bus and the queues are the simulation's.
        let engine = Stack { buses: Vec::new(), rules: Vec::new(), queues: Vec::new(), ..stack.clone() };
        Arc::new(Self {
            cloud: Cloud::open(&engine, None, clock).await.unwrap(),
            faults: Faults::new(seed),
            trace,
            stream: Mutex::new(Stream::new(stack)),
            bus: Bus::new(stack),
            queues: Queues::new(stack),
            late: AtomicUsize::new(0),
            changes: Notify::new(),
        })
    }

    /// Performs a call, with the faults that the plan has for its execution.
    pub async fn perform(&self, call: Call, plan: &mut Plan) -> Response<Bytes> {
        let kind = call.kind();
        let response = match call.operation() {
            "PutEvents" => reply(&self.put_events(&call.body, plan)),
            "SendMessage" => {
                let url = call.body["QueueUrl"].as_str().unwrap_or_default();
                let body = call.body["MessageBody"].as_str().unwrap_or_default();
                if self.queues.feeds_a_function(url) && self.faults.are_on() {
                    self.trace.write(format_args!("a walk continues"));
                }
                let delay = plan.dice.millis(if self.faults.are_on() { 5_000 } else { 50 });
                self.queues.send_to(url, body, delay);
                self.announce();
                reply(&json!({ "MessageId": "aside", "MD5OfMessageBody": "" }))
            }
            "GetItem" | "Query" | "BatchGetItem" if plan.fault == Fault::Stale => {
                reply(&self.stream.lock().unwrap().read_behind(&call.body, plan.dice.below(20)))
            }
            "GetItem" | "Query" | "BatchGetItem" => self.read(call.request, plan).await,
            _ => self.cloud.call(call.request).await,
        };
        if kind == Kind::Write {
            self.stream.lock().unwrap().follow(&self.cloud);
            self.announce();
        }
        response
    }

    /// Reads; some items come back as a later release writes them.
    async fn read(&self, request: Request<Bytes>, plan: &mut Plan) -> Response<Bytes> {
        let response = self.cloud.call(request).await;
        if !(self.faults.are_on() && response.status() == 200 && plan.dice.happens(50)) {
            return response;
        }
        let mut answer: Value = serde_json::from_slice(response.body()).unwrap();
        if later::items(&mut answer) {
            self.faults.count("item of a later release");
        }
        reply(&answer)
    }

    fn put_events(&self, body: &Value, plan: &mut Plan) -> Value {
        let (answer, deliveries) = self.bus.put(body, plan);
        let chaos = self.faults.are_on();
        for (queue, event) in deliveries {
            let mut copies = 1;
            if chaos && plan.dice.happens(100) {
                self.faults.count("delivered twice");
                copies = 2;
            }
            let mut event = event;
            if chaos && plan.dice.happens(100) {
                self.faults.count("event of a later release");
                let mut whole: Value = serde_json::from_str(&event).unwrap();
                later::event(&mut whole["detail"]);
                event = whole.to_string();
            }
            for _ in 0..copies {
                let delay = plan.dice.millis(if chaos { 5_000 } else { 50 });
                self.queues.send(&queue, &event, delay);
            }
        }
        self.announce();
        answer
    }

    /// Wakes the tasks that wait for work.
    pub fn announce(&self) {
        self.changes.notify_waiters();
    }

    /// The next change after this call, even if it is awaited later.
    pub fn change(&self) -> Notified<'_> {
        self.changes.notified()
    }

    /// True if every write has been handled.
    pub fn is_idle(&self) -> bool {
        self.late.load(Ordering::Relaxed) == 0
            && self.stream.lock().unwrap().is_read()
            && self.queues.are_empty()
    }

    /// Every item of the table, as plain JSON.
    pub async fn items(&self, table: &str) -> Vec<Value> {
        let mut items = Vec::new();
        let mut start = Value::Null;
        loop {
            let mut body = json!({ "TableName": table });
            if start.is_object() {
                body["ExclusiveStartKey"] = start;
            }
            let request = Request::post("/").header("x-amz-target", "DynamoDB_20120810.Scan");
            let response = self.cloud.call(request.body(Bytes::from(body.to_string())).unwrap()).await;
            let mut answer: Value = serde_json::from_slice(response.body()).unwrap();
            items.extend(answer["Items"].as_array().unwrap().iter().map(plain_item));
            start = answer["LastEvaluatedKey"].take();
            if !start.is_object() {
                return items;
            }
        }
    }
}

fn reply(body: &Value) -> Response<Bytes> {
    Response::builder()
        .header("content-type", "application/x-amz-json-1.0")
        .body(Bytes::from(body.to_string()))
        .unwrap()
}

/// Removes the attribute types of an item.
pub fn plain_item(item: &Value) -> Value {
    let attributes = item.as_object().into_iter().flatten();
    attributes.map(|(name, value)| (name.clone(), plain(value))).collect()
}

fn plain(value: &Value) -> Value {
    let Some((kind, value)) = value.as_object().and_then(|typed| typed.iter().next()) else {
        return Value::Null;
    };
    match (kind.as_str(), value) {
        ("N", Value::String(number)) => serde_json::from_str(number).unwrap(),
        ("M", map) => plain_item(map),
        ("L", Value::Array(list)) => list.iter().map(plain).collect(),
        ("NULL", _) => Value::Null,
        (_, value) => value.clone(),
    }
}
