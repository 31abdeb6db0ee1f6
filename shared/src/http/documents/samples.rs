//! `x-codeSamples`: each operation's example request for curl and for TypeScript. A
//! result of an earlier step (an id, a token, an `ETag`) is a variable; all else stands
//! there as the examples have it.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::{RECENT_AUTHENTICATION, examples::example, needs_token, sorted};

/// End of the examples of all ids (`shared/src/id.rs`): nobody has such a thing.
const EXAMPLE_ID: &str = "_01h455vb4pex5vsknk084sn02q";

/// Brackets around the name of a variable, which no example has.
const OPEN: char = '⟦';
const CLOSE: char = '⟧';

/// Gives every operation its samples.
pub(super) fn add_samples(paths: &mut Map<String, Value>, schemas: &Map<String, Value>) {
    for (path, item) in paths {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            let sample = Sample::of(&method.to_uppercase(), path, operation, schemas);
            operation["x-codeSamples"] = json!([
                { "lang": "Shell", "label": "curl", "source": sample.curl() },
                { "lang": "TypeScript", "label": "TypeScript", "source": sample.typescript() },
            ]);
        }
    }
}

/// A request, with variables in brackets.
struct Sample {
    method: String,
    url: String,
    headers: Vec<(&'static str, String)>,
    body: Option<Body>,
    /// True if the reply has a JSON body.
    answers: bool,
}

/// A body: JSON, or the text of an upload.
enum Body {
    Json(Value),
    Text(String),
}

impl Sample {
    fn of(method: &str, path: &str, operation: &Value, schemas: &Map<String, Value>) -> Self {
        let parameters: Vec<&Value> = operation["parameters"].as_array().into_iter().flatten().collect();
        let named = |place: &'static str| {
            let found = parameters.iter().filter(move |parameter| parameter["in"] == place);
            found.filter_map(|parameter| Some((parameter["name"].as_str()?, *parameter)))
        };
        let mut url = path.to_owned();
        for (name, parameter) in named("path") {
            let value = placed(name, parameter_example(parameter, schemas));
            url = url.replace(&format!("{{{name}}}"), value.as_str().unwrap_or_default());
        }
        let query = named("query").filter(|(_, parameter)| parameter["required"] == true);
        for (at, (name, parameter)) in query.enumerate() {
            let value = parameter_example(parameter, schemas);
            let separator = if at == 0 { '?' } else { '&' };
            // Writing to a String cannot fail.
            let _ = write!(url, "{separator}{name}={}", value.as_str().unwrap_or_default());
        }
        let mut headers = Vec::new();
        if needs_token(operation) {
            let token = if wants_permission(operation) { "ADMIN_TOKEN" } else { "ACCESS_TOKEN" };
            headers.push(("authorization", format!("Bearer {OPEN}{token}{CLOSE}")));
        }
        let takes = |header: &str| named("header").any(|(name, _)| name == header);
        if takes("Idempotency-Key") {
            headers.push(("idempotency-key", format!("{OPEN}IDEMPOTENCY_KEY{CLOSE}")));
        }
        // A lost update would go unseen there.
        if takes("If-Match") && ["PUT", "PATCH"].contains(&method) {
            headers.push(("if-match", format!("{OPEN}ETAG{CLOSE}")));
        }
        let content = operation["requestBody"]["content"].as_object();
        let content = content.and_then(|it| it.get_key_value("application/json").or(it.iter().next()));
        let body = content.map(|(media, body)| {
            headers.push(("content-type", media.clone()));
            match &body["example"] {
                Value::String(text) => Body::Text(text.clone()),
                example => Body::Json(sorted(with_variables("", example.clone()))),
            }
        });
        let responses = operation["responses"].as_object().into_iter().flatten();
        let mut granted = responses.filter(|(status, _)| status.starts_with('2'));
        let answers = granted.any(|(_, response)| response.get("content").is_some());
        Self { method: method.to_owned(), url, headers, body, answers }
    }

    /// A command for a shell.
    fn curl(&self) -> String {
        let verb = if self.method == "GET" { String::new() } else { format!("-X {} ", self.method) };
        let mut source = format!("curl {verb}\"$AGORA{}\"", in_double_quotes(&self.url));
        for (name, value) in &self.headers {
            let quoted = match in_double_quotes(value) {
                same if same == *value => format!("'{name}: {value}'"),
                filled => format!("\"{name}: {filled}\""),
            };
            // Writing to a String cannot fail.
            let _ = write!(source, " \\\n  -H {quoted}");
        }
        let body = self.body.as_ref().map(|body| match body {
            Body::Json(value) => ("-d", format!("{value:#}")),
            Body::Text(text) => ("--data-binary", text.clone()),
        });
        if let Some((option, text)) = body {
            let quoted = fill(&text.replace('\'', r"'\''"), |name| format!("'\"${name}\"'"));
            let _ = write!(source, " \\\n  {option} '{quoted}'");
        }
        source
    }

    /// A call of `fetch`.
    fn typescript(&self) -> String {
        let in_template = |text: &str| fill(text, |name| format!("${{{}}}", camel_case(name)));
        let mut source = format!("const reply = await fetch(`${{agora}}{}`", in_template(&self.url));
        let mut options = Vec::new();
        if self.method != "GET" {
            options.push(format!("method: \"{}\"", self.method));
        }
        if !self.headers.is_empty() {
            let headers = self.headers.iter().map(|(name, value)| {
                let value = match value.strip_prefix(OPEN).and_then(|rest| rest.strip_suffix(CLOSE)) {
                    Some("IDEMPOTENCY_KEY") => "crypto.randomUUID()".to_owned(),
                    Some(name) => camel_case(name),
                    None if value.contains(OPEN) => format!("`{}`", in_template(value)),
                    None => format!("\"{value}\""),
                };
                format!("    \"{name}\": {value},\n")
            });
            options.push(format!("headers: {{\n{}  }}", headers.collect::<String>()));
        }
        match &self.body {
            Some(Body::Json(value)) => {
                let text = format!("{value:#}").replace('\n', "\n  ");
                let text = text.replace(&format!("\"{OPEN}"), &OPEN.to_string());
                let text = text.replace(&format!("{CLOSE}\""), &CLOSE.to_string());
                options.push(format!("body: JSON.stringify({})", fill(&text, camel_case)));
            }
            Some(Body::Text(text)) => options.push(format!("body: {}", json!(text))),
            None => {}
        }
        if !options.is_empty() {
            // Writing to a String cannot fail.
            let _ = write!(source, ", {{\n  {},\n}}", options.join(",\n  "));
        }
        source.push_str(");\nif (!reply.ok) throw new Error((await reply.json()).code);");
        if self.answers {
            source.push_str("\nconst result = await reply.json();");
        }
        source
    }
}

/// True if a caller needs more than an account.
fn wants_permission(operation: &Value) -> bool {
    let wanted = operation["security"].as_array().into_iter().flatten();
    let mut scopes = wanted.filter_map(|it| it["bearer"].as_array()).flatten();
    scopes.any(|scope| scope != RECENT_AUTHENTICATION)
}

fn parameter_example(parameter: &Value, schemas: &Map<String, Value>) -> Value {
    let own = parameter.get("example").cloned();
    own.or_else(|| example(&parameter["schema"], schemas)).unwrap_or_default()
}

/// An example, or the variable in its place: of an id, and of a token.
fn placed(name: &str, value: Value) -> Value {
    let Some(text) = value.as_str() else { return value };
    let variable = match name {
        _ if text.ends_with(EXAMPLE_ID) => name.to_uppercase(),
        "refresh_token" => "REFRESH_TOKEN".to_owned(),
        "token" if text.starts_with("eyJ") => "ACCESS_TOKEN".to_owned(),
        "token" => "MAILED_TOKEN".to_owned(),
        _ => return value,
    };
    format!("{OPEN}{variable}{CLOSE}").into()
}

fn with_variables(name: &str, value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let filled = map.into_iter().map(|(name, value)| {
                let value = with_variables(&name, value);
                (name, value)
            });
            Value::Object(filled.collect())
        }
        Value::Array(list) => list.into_iter().map(|value| with_variables(name, value)).collect(),
        value => placed(name, value),
    }
}

/// A text with each variable as `written`.
fn fill(text: &str, written: impl Fn(&str) -> String) -> String {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(OPEN) {
        let (name, behind) = after.split_once(CLOSE).unwrap_or((after, ""));
        filled.push_str(before);
        filled.push_str(&written(name));
        rest = behind;
    }
    filled + rest
}

fn in_double_quotes(text: &str) -> String {
    fill(text, |name| match name {
        "IDEMPOTENCY_KEY" => "$(openssl rand -hex 16)".to_owned(),
        name => format!("${name}"),
    })
}

/// `ORDER_ID` -> `orderId`.
fn camel_case(name: &str) -> String {
    let mut written = String::new();
    let mut upper = false;
    for letter in name.chars() {
        match letter {
            '_' => upper = true,
            letter if upper => {
                written.push(letter);
                upper = false;
            }
            letter => written.extend(letter.to_lowercase()),
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The two samples of an operation.
    fn samples(method: &str, path: &str, operation: &Value) -> [String; 2] {
        let sample = Sample::of(method, path, operation, &Map::new());
        [sample.curl(), sample.typescript()]
    }

    #[test]
    fn values_of_earlier_steps_are_variables() {
        let text = json!({ "type": "string" });
        let id = json!({ "type": "string", "examples": [format!("ord{EXAMPLE_ID}")] });
        let operation = json!({
            "parameters": [
                { "in": "path", "name": "order_id", "schema": id },
                { "in": "header", "name": "If-Match", "schema": text },
                { "in": "header", "name": "Idempotency-Key", "schema": text },
            ],
            "security": [{ "bearer": ["manage_orders"] }],
            "requestBody": { "content": { "application/json": { "example": {
                "note": "Ada's", "refresh_token": "xyz", "quantity": 2,
            } } } },
            "responses": { "200": { "content": {} } },
        });
        let [curl, typescript] = samples("PUT", "/orders/{order_id}", &operation);
        let expected = r#"curl -X PUT "$AGORA/orders/$ORDER_ID" \
  -H "authorization: Bearer $ADMIN_TOKEN" \
  -H "idempotency-key: $(openssl rand -hex 16)" \
  -H "if-match: $ETAG" \
  -H 'content-type: application/json' \
  -d '{
  "note": "Ada'\''s",
  "quantity": 2,
  "refresh_token": "'"$REFRESH_TOKEN"'"
}'"#;
        assert_eq!(curl, expected);
        let expected = r#"const reply = await fetch(`${agora}/orders/${orderId}`, {
  method: "PUT",
  headers: {
    "authorization": `Bearer ${adminToken}`,
    "idempotency-key": crypto.randomUUID(),
    "if-match": etag,
    "content-type": "application/json",
  },
  body: JSON.stringify({
    "note": "Ada's",
    "quantity": 2,
    "refresh_token": refreshToken
  }),
});
if (!reply.ok) throw new Error((await reply.json()).code);
const result = await reply.json();"#;
        assert_eq!(typescript, expected);
    }

    #[test]
    fn a_request_that_says_nothing_is_one_line() {
        let operation = json!({ "security": [], "responses": { "204": {} } });
        let [curl, typescript] = samples("GET", "/health", &operation);
        assert_eq!(curl, "curl \"$AGORA/health\"");
        let (first, _) = typescript.split_once('\n').unwrap();
        assert_eq!(first, "const reply = await fetch(`${agora}/health`);");
    }

    #[test]
    fn an_upload_is_sent_as_it_stands() {
        let operation = json!({
            "security": [],
            "requestBody": { "content": { "text/csv": { "example": "sku\nTEA-1\n" } } },
            "responses": { "202": {} },
        });
        let [curl, typescript] = samples("POST", "/imports", &operation);
        assert!(curl.ends_with("-H 'content-type: text/csv' \\\n  --data-binary 'sku\nTEA-1\n'"), "{curl}");
        assert!(typescript.contains(r#"body: "sku\nTEA-1\n","#), "{typescript}");
    }
}
