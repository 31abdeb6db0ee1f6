//! A function's part of `template.yaml`. The manual decisions (memory, time limit,
//! batch size) are above the block; the rest is generated here, in the middle of the
//! function's properties: for a consumer in those of its mapping.

use super::{
    consumer,
    head::Head,
    policy,
    routes::Route,
    statement, variables,
    yaml::{Yaml, scalar},
};
use crate::functions::{Declared, Kind};

/// The text of a function's block.
pub(super) fn block(
    function: &Declared,
    routes: &[Route],
    default: bool,
    head: &Head,
) -> Result<String, String> {
    let id = function.id;
    let mut yaml = Yaml::default();
    if function.kind == Kind::Queue {
        yaml.line(12, format_args!("Queue: !GetAtt {id}Queue.Arn"));
        yaml.line(12, "FunctionResponseTypes: [ReportBatchItemFailures]");
    }
    yaml.line(6, format_args!("LoggingConfig: {{ LogGroup: !Ref {id}Log }}"));
    if !function.variables.is_empty() {
        yaml.line(6, "Environment:");
        yaml.line(8, "Variables:");
    }
    for variable in function.variables {
        let value = variables::expression(function, *variable, &head.parameters)?;
        yaml.line(10, format_args!("{}: {value}", variable.name));
    }
    events(&mut yaml, function, routes, default);
    let statements = policy::of(function);
    if !statements.is_empty() {
        yaml.line(6, "Policies:");
        yaml.line(8, "- Version: \"2012-10-17\"");
        yaml.line(10, "Statement:");
        for statement in &statements {
            statement.write(&mut yaml, 12);
        }
    }
    for route in routes.iter().filter(|route| route.ends_in_slash()) {
        slash_permission(&mut yaml, id, route);
    }
    if function.kind == Kind::Queue {
        consumer::resources(&mut yaml, function, head.timeout(id)?);
    }
    log(&mut yaml, id);
    yaml.blank();
    Ok(yaml.into_text())
}

fn events(yaml: &mut Yaml, function: &Declared, routes: &[Route], default: bool) {
    if !routes.is_empty() || function.schedule.is_some() {
        yaml.line(6, "Events:");
    }
    if let Some(schedule) = function.schedule {
        let schedule = scalar_of_schedule(schedule);
        yaml.line(8, format_args!("Clock: {{ Type: Schedule, Properties: {{ Schedule: {schedule} }} }}"));
    }
    let mut explained = false;
    for route in routes {
        if route.ends_in_slash() && !explained {
            yaml.line(8, "# For the gateway a trailing slash makes another path; SAM's permission");
            yaml.line(
                8,
                format_args!(
                    "# for it would lack the slash, so {} is below.",
                    permission(function.id, route)
                ),
            );
            explained = true;
        }
        let (name, path) = (&route.name, scalar(&route.path));
        let method = route.method.unwrap_or("ANY");
        yaml.line(
            8,
            format_args!(
                "{name}: {{ Type: HttpApi, Properties: {{ ApiId: !Ref Api, Method: {method}, Path: {path} }} }}"
            ),
        );
    }
    if default {
        yaml.line(8, "# No path and no method: the gateway's `$default` route.");
        yaml.line(8, "Default: { Type: HttpApi, Properties: { ApiId: !Ref Api } }");
    }
}

/// `rate(1 minute)` needs no quotes.
fn scalar_of_schedule(schedule: &str) -> String {
    if schedule.contains(['*', '?', ',']) { format!("\"{schedule}\"") } else { schedule.to_owned() }
}

/// `<function><event>Permission` is the id of SAM's own permission for the route.
fn permission(id: &str, route: &Route) -> String {
    format!("{id}{}Invocation", route.name)
}

fn slash_permission(yaml: &mut Yaml, id: &str, route: &Route) {
    let method = route.method.unwrap_or("*");
    let source = statement::arn("execute-api", &format!("${{Api}}/*/{method}{}", route.path));
    yaml.blank();
    yaml.line(2, format_args!("{}:", permission(id, route)));
    yaml.line(4, "Type: AWS::Lambda::Permission");
    yaml.line(4, "Properties:");
    yaml.line(6, "Action: lambda:InvokeFunction");
    yaml.line(6, format_args!("FunctionName: !Ref {id}"));
    yaml.line(6, "Principal: apigateway.amazonaws.com");
    yaml.line(6, format_args!("SourceArn: {source}"));
}

fn log(yaml: &mut Yaml, id: &str) {
    yaml.blank();
    yaml.line(2, format_args!("{id}Log:"));
    yaml.line(4, "Type: AWS::Logs::LogGroup");
    yaml.line(4, "UpdateReplacePolicy: Delete");
    yaml.line(4, "DeletionPolicy: Delete");
    yaml.line(4, "Properties:");
    yaml.line(6, "RetentionInDays: !Ref LogRetentionDays");
}
