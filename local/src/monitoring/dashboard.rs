//! Dashboard: traffic, latency, errors, table load, queued work and cost drivers.

use serde_json::{Value, json};

use crate::stack::Stack;

/// A widget's width and height, in 24 columns.
const WIDTH: usize = 8;
const HEIGHT: usize = 6;

/// Megabytes of a gigabyte, as Lambda bills them.
const GIGABYTE: f64 = 1024.0;

pub(super) fn to_yaml(stack: &Stack) -> String {
    let widgets = widgets(stack);
    let columns = 24 / WIDTH;
    let placed = widgets.into_iter().enumerate().map(|(at, (title, statistic, metrics))| {
        // Keys in alphabetical order: `serde_json` keeps or sorts them, depending on
        // the features of a build.
        let widget = json!({
            "height": HEIGHT,
            "properties": {
                "metrics": metrics, "period": 300, "region": "${AWS::Region}", "stat": statistic,
                "title": title, "view": "timeSeries",
            },
            "type": "metric", "width": WIDTH, "x": at % columns * WIDTH, "y": at / columns * HEIGHT,
        });
        format!("          {widget}")
    });
    let placed: Vec<String> = placed.collect();
    // CloudFormation resolves the texts in ${…}.
    format!(
        "  Dashboard:\n    \
           Type: AWS::CloudWatch::Dashboard\n    \
           Properties:\n      \
             DashboardName: !Ref AWS::StackName\n      \
             DashboardBody: !Sub |\n        \
               {{\"widgets\": [\n{}\n        ]}}\n\n",
        placed.join(",\n")
    )
}

/// Title, statistic and metrics of each widget.
fn widgets(stack: &Stack) -> Vec<(&'static str, &'static str, Value)> {
    let functions = |metric: &str| -> Vec<Value> {
        let ids = stack.functions.keys();
        ids.map(|id| json!(["AWS/Lambda", metric, "FunctionName", reference(id), { "label": id }])).collect()
    };
    let queues = |dead: bool, metric: &str| -> Vec<Value> {
        let is_dead = |id: &str| stack.dead_letter_queues().any(|queue| queue.id == id);
        let queues = stack.queues.iter().filter(|queue| is_dead(&queue.id) == dead);
        queues
            .map(|queue| {
                let name = format!("${{{}.QueueName}}", queue.id);
                json!(["AWS/SQS", metric, "QueueName", name, { "label": queue.id }])
            })
            .collect()
    };
    let api = |metric: &str| json!(["AWS/ApiGateway", metric, "ApiId", "${Api}"]);
    let api_at = |metric: &str, statistic: &str| json!(["AWS/ApiGateway", metric, "ApiId", "${Api}", { "label": statistic, "stat": statistic }]);
    let table = reference(&stack.table.id);
    let table = |metric: &str| json!(["AWS/DynamoDB", metric, "TableName", table]);
    let readers = stack.functions.values().filter(|function| !function.streams.is_empty());
    let stream_age = readers.map(|function| {
        json!(["AWS/Lambda", "IteratorAge", "FunctionName", reference(&function.id), { "label": function.id }])
    });
    let seconds = stack.functions.values().enumerate().flat_map(|(at, function)| {
        let gigabytes = f64::from(function.memory) / GIGABYTE;
        [
            json!(["AWS/Lambda", "Duration", "FunctionName", reference(&function.id),
                { "id": format!("m{at}"), "visible": false }]),
            json!([{ "expression": format!("m{at} / 1000 * {gigabytes}"), "label": function.id }]),
        ]
    });
    let log_bytes = stack.functions.keys().map(|id| {
        let group = reference(&format!("{id}Log"));
        json!(["AWS/Logs", "IncomingBytes", "LogGroupName", group, { "label": id }])
    });
    vec![
        ("Requests and errors", "Sum", json!([api("Count"), api("4xx"), api("5xx")])),
        ("Latency, ms", "p99", json!([api_at("Latency", "p50"), api_at("Latency", "p99")])),
        ("Functions: p99, ms", "p99", json!(functions("Duration"))),
        ("Functions: errors", "Sum", json!(functions("Errors"))),
        ("Functions: throttles", "Sum", json!(functions("Throttles"))),
        (
            "Table: capacity units and throttles",
            "Sum",
            json!([
                table("ConsumedReadCapacityUnits"),
                table("ConsumedWriteCapacityUnits"),
                table("ReadThrottleEvents"),
                table("WriteThrottleEvents"),
            ]),
        ),
        ("Queues: waiting", "Maximum", json!(queues(false, "ApproximateNumberOfMessagesVisible"))),
        ("Queues: age of the oldest, s", "Maximum", json!(queues(false, "ApproximateAgeOfOldestMessage"))),
        ("Dead letters", "Maximum", json!(queues(true, "ApproximateNumberOfMessagesVisible"))),
        ("Stream: age, ms", "Maximum", stream_age.collect()),
        ("Cost: gigabyte-seconds", "Sum", seconds.collect()),
        ("Cost: log bytes", "Sum", log_bytes.collect()),
    ]
}

fn reference(id: &str) -> String {
    format!("${{{id}}}")
}
