//! The value of each variable in `template.yaml`. A variable that is named as a
//! parameter of the template is that parameter (`LOW_STOCK` is `LowStock`); of the
//! others, one line each here, or the number that the code has as its default.

use std::collections::BTreeSet;

use shared::config::Variable;

use super::{
    policy::{Resource, Statement},
    routes::capitalised,
};
use crate::functions::Declared;

/// The value of a variable of a function.
pub(super) fn expression(
    function: &Declared,
    variable: Variable,
    parameters: &BTreeSet<String>,
) -> Result<String, String> {
    let fixed = match variable.name {
        "TABLE_NAME" => Some("!Ref Table".to_owned()),
        "PARAMETER_PATH" => Some("!Sub /agora/${Stage}/".to_owned()),
        "TOKEN_ISSUER" => Some("!If [HasTokenIssuer, !Ref TokenIssuer, !Ref PublicUrl]".to_owned()),
        "BUS_NAME" => Some("!Ref Bus".to_owned()),
        "DEAD_LETTER_QUEUE_URL" => Some(format!("!Ref {}", dead_letters(function.id))),
        _ => None,
    };
    let parameter: String = variable.name.split('_').map(capitalised).collect();
    let parameter = parameters.contains(&parameter).then(|| format!("!Ref {parameter}"));
    let number = || {
        let default = variable.default?.replace('_', "");
        default.parse::<u64>().ok().map(|number| format!("\"{number}\""))
    };
    fixed.or(parameter).or_else(number).ok_or_else(|| {
        format!(
            "{}: nothing is known of the variable {}\nhint: add a parameter of that name to template.yaml, \
             or a line to local/src/write/variables.rs",
            function.id, variable.name
        )
    })
}

/// What a function that has the variable may do with what it names.
pub(super) fn statement(function: &Declared, variable: Variable) -> Option<Statement> {
    Some(match variable.name {
        "BUS_NAME" => {
            Statement::new("Publish", &["events:PutEvents"], Resource::one("!GetAtt Bus.Arn".to_owned()))
        }
        "DEAD_LETTER_QUEUE_URL" => {
            let queue = Resource::one(format!("!GetAtt {}.Arn", dead_letters(function.id)));
            Statement::new("SetAside", &["sqs:SendMessage"], queue)
        }
        "MAIL_SENDER" => Statement {
            conditions: vec!["Condition: { StringEquals: { ses:FromAddress: !Ref MailSender } }".to_owned()],
            ..Statement::new(
                "SendMail",
                &["ses:SendEmail"],
                Resource {
                    reason: Some("Either the address or its domain is the verified identity."),
                    ..Resource::one(super::policy::arn("ses", "identity/*"))
                },
            )
        },
        _ => return None,
    })
}

/// The logical id of the queue for what a function cannot handle.
pub(super) fn dead_letters(function: &str) -> String {
    format!("{function}DeadLetters")
}
