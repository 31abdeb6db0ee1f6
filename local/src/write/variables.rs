//! Value of each variable in `template.yaml`. A variable with the name of a template
//! parameter has its value (`LOW_STOCK` is `LowStock`), and the defaults of both must
//! be equal; each other variable has a line here, or the numeric default of the code.

use std::collections::BTreeMap;

use shared::{config::Variable, identity::password::HashCost};

use super::{
    routes::capitalised,
    statement::{Resource, Statement, arn},
};
use crate::functions::Declared;

/// The value of a variable of a function.
pub(super) fn expression(
    function: &Declared,
    variable: Variable,
    parameters: &BTreeMap<String, Option<String>>,
) -> Result<String, String> {
    let fixed = match variable.name {
        "TABLE_NAME" => Some("!Ref Table".to_owned()),
        "PARAMETER_PATH" => Some("!Sub /agora/${Stage}/".to_owned()),
        "TOKEN_ISSUER" => Some("!If [HasTokenIssuer, !Ref TokenIssuer, !Ref PublicUrl]".to_owned()),
        "BUS_NAME" => Some("!Ref Bus".to_owned()),
        "PASSWORD_COST" => Some(format!("\"{}\"", HashCost::DEFAULT)),
        "DEAD_LETTER_QUEUE_URL" => Some(format!("!Ref {}", dead_letters(function.id))),
        name if name == own_queue(function) => Some(format!("!Ref {}Queue", function.id)),
        _ => None,
    };
    let parameter: String = variable.name.split('_').map(capitalised).collect();
    let default = variable.default.and_then(plain);
    if let (Some(Some(template)), Some(code)) = (parameters.get(&parameter), &default)
        && template != code
    {
        return Err(format!(
            "{parameter}: its Default is {template}, and {code} where {} is read",
            variable.name
        ));
    }
    let parameter = parameters.contains_key(&parameter).then(|| format!("!Ref {parameter}"));
    let number = || default.filter(|text| text.parse::<u64>().is_ok()).map(|number| format!("\"{number}\""));
    fixed.or(parameter).or_else(number).ok_or_else(|| {
        format!(
            "{}: nothing is known of the variable {}\nhint: add a parameter of that name to template.yaml, \
             or a line to local/src/write/variables.rs",
            function.id, variable.name
        )
    })
}

/// A numeric or boolean default, also inside a type: `3` of `PerHour(3)`.
fn plain(source: &str) -> Option<String> {
    let inner = source.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')')).unwrap_or(source);
    let text = inner.replace('_', "");
    (text.parse::<u64>().is_ok() || text.parse::<bool>().is_ok()).then_some(text)
}

/// Permission of a function on the resource that the variable names.
pub(super) fn statement(function: &Declared, variable: Variable) -> Option<Statement> {
    Some(match variable.name {
        "BUS_NAME" => {
            Statement::new("Publish", &["events:PutEvents"], Resource::one("!GetAtt Bus.Arn".to_owned()))
        }
        "DEAD_LETTER_QUEUE_URL" => {
            let queue = Resource::one(format!("!GetAtt {}.Arn", dead_letters(function.id)));
            Statement::new("SetAside", &["sqs:SendMessage"], queue)
        }
        name if name == own_queue(function) => {
            let queue = Resource::one(format!("!GetAtt {}Queue.Arn", function.id));
            Statement::new("Continue", &["sqs:SendMessage"], queue)
        }
        "MAIL_SENDER" => Statement {
            conditions: vec!["Condition: { StringEquals: { ses:FromAddress: !Ref MailSender } }".to_owned()],
            ..Statement::new(
                "SendMail",
                &["ses:SendEmail"],
                Resource {
                    reason: Some("Either the address or its domain is the verified identity."),
                    ..Resource::one(arn("ses", "identity/*"))
                },
            )
        },
        _ => return None,
    })
}

/// The variable with the URL of a consumer's own queue: each has its own name, because
/// `cargo lambda watch` gives all functions the same variables.
fn own_queue(function: &Declared) -> String {
    format!("{}_QUEUE_URL", function.bin().replace('-', "_").to_uppercase())
}

/// Logical id of a function's dead-letter queue.
pub(super) fn dead_letters(function: &str) -> String {
    format!("{function}DeadLetters")
}
