//! The template's use of AWS's limits. SAM generates a permission for each route and
//! a role for each function, so both are counted with their text.

use local::stack::{Function, RouteKey, Stack, Template};
use serde_json::Value;

/// Integrations of an HTTP API; SAM generates one for each route.
const INTEGRATIONS: usize = 300;
/// Bytes of a function's resource-based policy.
const FUNCTION_POLICY: usize = 20 * 1024;
/// Resources of a stack, and bytes of its template.
const RESOURCES: usize = 500;
const TEMPLATE: usize = 1_000_000;
/// Characters of a managed policy, and of a role's own policies together, without
/// spaces.
const MANAGED_POLICY: usize = 6_144;
const ROLE_POLICIES: usize = 10_240;

/// A statement that permits the gateway to call a function, with the longest names;
/// the route's path is added.
const PERMISSION: &str = r#"{"Sid":"agora-production-stage-OrdersApiProductsWithCategorySlashPermission-ABCDEFGHIJKL","Effect":"Allow","Principal":{"Service":"apigateway.amazonaws.com"},"Action":"lambda:InvokeFunction","Resource":"arn:aws:lambda:ap-southeast-2:000000000000:function:agora-production-stage-CatalogConsumer-ABCDEFGHIJKL","Condition":{"ArnLike":{"AWS:SourceArn":"arn:aws:execute-api:ap-southeast-2:000000000000:abcdefghij/*/*"}}},"#;

/// Each limit that is exceeded.
pub fn faults(template: &Template, stack: &Stack) -> Vec<String> {
    let mut faults = Vec::new();
    let mut count = |what: String, found: usize, limit: usize| {
        if found > limit {
            faults.push(format!("{what} {found}, of {limit}"));
        }
    };
    let functions: Vec<&Function> = stack.functions.values().collect();
    let routes: usize = functions.iter().map(|function| function.routes.len()).sum();
    count("Api: integrations:".to_owned(), routes, INTEGRATIONS);
    for function in &functions {
        let permissions = function.routes.iter().map(|route| match &route.key {
            RouteKey::Path { path, .. } => PERMISSION.len() + path.len(),
            RouteKey::Default => PERMISSION.len(),
        });
        let slashes = function.routes.iter().filter(|route| route.key.to_string().ends_with('/'));
        let size = permissions.sum::<usize>() + slashes.count() * PERMISSION.len();
        count(format!("{}: its policy for callers has bytes:", function.id), size, FUNCTION_POLICY);
    }
    let resources = template.value["Resources"].as_object().unwrap();
    // A role for each function; each of its triggers is one more, a schedule two.
    let made = functions.iter().map(|function| {
        let mappings = function.queues.len() + function.streams.len();
        1 + function.routes.len() + mappings + function.schedules.len() * 2
    });
    // An API has a stage.
    let all = resources.len() + made.sum::<usize>() + 1;
    count("the stack: resources:".to_owned(), all, RESOURCES);
    // The expanded template also contains the roles and permissions.
    count("the template has bytes:".to_owned(), template.value.to_string().len() * 2, TEMPLATE);
    for (id, resource) in resources {
        let properties = &resource["Properties"];
        if resource["Type"] == "AWS::IAM::ManagedPolicy" {
            count(
                format!("{id}: has characters:"),
                characters(&properties["PolicyDocument"]),
                MANAGED_POLICY,
            );
        }
        let policies = properties["Policies"].as_array().into_iter().flatten();
        count(
            format!("{id}: its role's policies have characters:"),
            policies.map(characters).sum(),
            ROLE_POLICIES,
        );
    }
    faults
}

/// Characters of a document without spaces: its references are about as long as their
/// values.
fn characters(document: &Value) -> usize {
    document.to_string().chars().filter(|letter| !letter.is_whitespace()).count()
}
