//! Permissions of a function: the statements of its policy, and of the common boundary.

use std::collections::BTreeSet;

use shared::table::schema::{Action, EXPORTERS, KeyTemplate, SCHEMA, VERIFIERS};

use super::{
    statement::{Resource, Statement, arn},
    variables,
    yaml::{Yaml, scalar},
};
use crate::functions::{Declared, FUNCTIONS, Kind};

/// Actions by which Lambda polls a queue, and a stream.
const TAKE_MESSAGES: [&str; 3] = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"];
const READ_STREAM: [&str; 3] =
    ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"];
/// Lambda lists the table's streams before it makes the mapping. AWS' documents name
/// this form of the resource, with any stream of the table ("IAM policy to allow an AWS
/// Lambda function to access DynamoDB stream records").
const LIST_STREAMS: [&str; 1] = ["dynamodb:ListStreams"];
const STREAMS: &str = "!Sub ${Table.Arn}/stream/*";
/// Parameter Store encrypts a standard parameter with one call of KMS.
const USE_KEY: [&str; 2] = ["kms:Decrypt", "kms:Encrypt"];

/// Keys of the account, through Parameter Store alone.
fn through_ssm() -> Vec<String> {
    let service = "!Sub \"ssm.${AWS::Region}.amazonaws.com\"";
    vec!["Condition:".to_owned(), format!("  StringEquals: {{ kms:ViaService: {service} }}")]
}

/// The statements of a function's policy.
pub(super) fn of(function: &Declared) -> Vec<Statement> {
    let mut statements = Vec::new();
    if function.kind == Kind::Stream {
        let stream = Resource::one("!GetAtt Table.StreamArn".to_owned());
        statements.push(Statement::new("ReadStream", &READ_STREAM, stream));
        statements.push(Statement::new("ListStreams", &LIST_STREAMS, Resource::one(STREAMS.to_owned())));
    }
    for action in Action::ALL {
        statements.extend(of_items(function, action, false));
        statements.extend(of_items(function, action, true));
    }
    if let Some(statement) = statements.iter_mut().find(|statement| statement.conditions.len() > 2) {
        statement
            .conditions
            .insert(2, "  # ForAllValues alone is true of a request without keys.".to_owned());
    }
    if !function.secrets.is_empty() {
        let names = function.secrets.iter();
        let names = names.map(|secret| arn("ssm", &format!("parameter/agora/${{Stage}}/{}", secret.name)));
        let secrets = Resource { names: names.collect(), reason: None };
        statements.push(Statement::new("ReadSecrets", &["ssm:GetParameters"], secrets.clone()));
        // The first function that needs a secret creates it, and replaces none: with
        // another address key no account could sign in. A request that does not set the
        // flag does not overwrite.
        statements.push(Statement {
            conditions: vec![
                "Condition:".to_owned(),
                "  StringEqualsIfExists: { ssm:Overwrite: \"false\" }".to_owned(),
            ],
            ..Statement::new("MakeSecrets", &["ssm:PutParameter"], secrets)
        });
        let key = Resource::one(arn("kms", "key/*"));
        statements
            .push(Statement { conditions: through_ssm(), ..Statement::new("EncryptSecrets", &USE_KEY, key) });
    }
    let variables = function.variables.iter();
    statements.extend(variables.filter_map(|variable| variables::statement(function, *variable)));
    if function.kind == Kind::Queue {
        let queue = Resource::one(format!("!GetAtt {}Queue.Arn", function.id));
        statements.push(Statement::new("TakeMessages", &TAKE_MESSAGES, queue));
    }
    statements
}

/// Permissions of a function on the items of the table, or of its indexes.
fn of_items(function: &Declared, action: Action, index: bool) -> Option<Statement> {
    let mut keys: Vec<String> = Vec::new();
    for row in SCHEMA.iter().filter(|row| row.index.is_some() == index) {
        let key = scalar(&row.leading_key());
        if allows(row, action, function) && !keys.contains(&key) {
            keys.push(key);
        }
    }
    let sid = match (action, index) {
        (Action::Get, _) => "GetItems",
        (Action::Batch, _) => "GetManyItems",
        (Action::Query, false) => "ListItems",
        (Action::Query, true) => "ListIndexes",
        (Action::Put, _) => "PutItems",
        (Action::Update, _) => "UpdateItems",
        (Action::Delete, _) => "DeleteItems",
        (Action::Check, _) => "CheckItems",
    };
    let resource = if index { "!Sub ${Table.Arn}/index/*" } else { "!GetAtt Table.Arn" };
    let conditions = vec![
        "Condition:".to_owned(),
        format!("  ForAllValues:StringLike: {{ dynamodb:LeadingKeys: [{}] }}", keys.join(", ")),
        "  \"Null\": { dynamodb:LeadingKeys: \"false\" }".to_owned(),
    ];
    let statement = Statement::new(sid, &[action.name()], Resource::one(resource.to_owned()));
    (!keys.is_empty()).then_some(Statement { conditions, ..statement })
}

/// True if a row of the schema allows a function the action.
fn allows(row: &KeyTemplate, action: Action, function: &Declared) -> bool {
    let bin = function.bin();
    let lists = row.grants.iter().filter(|(granted, _)| *granted == action);
    lists.flat_map(|(_, names)| *names).any(|name| match *name {
        VERIFIERS => function.variables.iter().any(|variable| variable.name == "TOKEN_ISSUER"),
        EXPORTERS => function.listens_to.contains(&"user.export_requested"),
        name => name == bin,
    })
}

/// Names in the schema that no function has.
pub(super) fn unknown_bins() -> Vec<String> {
    let bins: BTreeSet<String> = FUNCTIONS.iter().map(Declared::bin).collect();
    let names = SCHEMA.iter().flat_map(|row| row.grants.iter().flat_map(|(_, names)| *names));
    let names = names.filter(|name| ![VERIFIERS, EXPORTERS].contains(name) && !bins.contains(**name));
    names.map(|name| format!("schema.rs: {name} is no function's binary")).collect()
}

/// The statements of the boundary: the actions of all functions, each on the stack's
/// own resources.
pub(super) fn boundary() -> String {
    let logs: [&str; 2] = ["logs:CreateLogStream", "logs:PutLogEvents"];
    let statements: Vec<Statement> = FUNCTIONS.iter().flat_map(of).collect();
    let used: Vec<&str> = statements.iter().flat_map(|it| it.actions.iter().copied()).chain(logs).collect();
    let items = Action::ALL.map(Action::name);
    let queues = ["sqs:SendMessage", TAKE_MESSAGES[0], TAKE_MESSAGES[1], TAKE_MESSAGES[2]];
    let table = ["!GetAtt Table.Arn", "!Sub \"${Table.Arn}/index/*\""].map(str::to_owned).to_vec();
    let named = |service: &str, resource: &str| vec![arn(service, resource)];
    let rows: [(&'static str, &[&'static str], Vec<String>); 9] = [
        ("Table", &items, table),
        ("Stream", &READ_STREAM, vec!["!GetAtt Table.StreamArn".to_owned()]),
        ("Streams", &LIST_STREAMS, vec![STREAMS.to_owned()]),
        ("Bus", &["events:PutEvents"], vec!["!GetAtt Bus.Arn".to_owned()]),
        ("Queues", &queues, named("sqs", "${AWS::StackName}-*")),
        ("Secrets", &["ssm:GetParameters", "ssm:PutParameter"], named("ssm", "parameter/agora/${Stage}/*")),
        ("Keys", &USE_KEY, named("kms", "key/*")),
        ("Mail", &["ses:SendEmail"], named("ses", "identity/*")),
        ("Logs", &logs, named("logs", "log-group:${AWS::StackName}-*")),
    ];
    let mut yaml = Yaml::default();
    for (sid, actions, names) in rows {
        let actions: Vec<&str> = actions.iter().copied().filter(|action| used.contains(action)).collect();
        if !actions.is_empty() {
            let conditions = if sid == "Keys" { through_ssm() } else { Vec::new() };
            let statement = Statement::new(sid, &actions, Resource { names, reason: None });
            Statement { conditions, ..statement }.write(&mut yaml, 10);
        }
    }
    yaml.into_text()
}
