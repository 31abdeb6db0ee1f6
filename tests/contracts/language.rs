//! Plain words: the rules for the texts of the OpenAPI document, of problems, of pages in
//! Markdown and of comments, as a lint that names file, line and rule.

use std::{fmt, fs, path::Path};

use serde_json::Value;

use super::vocabulary::rust_files;

/// First words of summaries. A new verb is a line here.
const VERBS: [&str; 45] = [
    "Accept",
    "Adjust",
    "Appoint",
    "Block",
    "Cancel",
    "Change",
    "Complete",
    "Confirm",
    "Create",
    "Decline",
    "Delete",
    "Duplicate",
    "Export",
    "Find",
    "Fulfil",
    "Get",
    "Import",
    "Introspect",
    "Invite",
    "Leave",
    "List",
    "Move",
    "Postpone",
    "Preview",
    "Publish",
    "Re-authenticate",
    "Refresh",
    "Refund",
    "Register",
    "Remove",
    "Replace",
    "Request",
    "Reschedule",
    "Resend",
    "Reset",
    "Restore",
    "Revoke",
    "Shard",
    "Sign",
    "Skip",
    "Transfer",
    "Unblock",
    "Unpublish",
    "Update",
    "Verify",
];

/// Maximum length of a summary, in characters: a line of a sidebar.
const SUMMARY: usize = 60;

/// Rule against the words of [`BANNED`].
const NO_BANNED_WORD: &str = "a public text has no word of BANNED";

/// First words that hide the noun of a text.
const OPENERS: [&str; 9] = ["What", "Whether", "Who", "Whose", "Whom", "That", "How", "Where", "Somebody"];

/// Words that a public text replaces with the field's: "again", "after", "deleted".
const BANNED: [&str; 9] = [
    "anew",
    "behind",
    "gone",
    "somebody",
    "nobody's fault",
    "meanwhile",
    "in the place of",
    "do away with",
    "e-mail",
];

/// Words of [`BANNED`] that a page may have: a service can be "behind a gateway".
const ALLOWED_IN_PAGES: [&str; 1] = ["behind"];

/// A text against a rule.
#[derive(PartialEq, Eq)]
struct Finding {
    file: String,
    line: usize,
    rule: &'static str,
    text: String,
}

impl fmt::Debug for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}: {}", self.file, self.line, self.rule, self.text)
    }
}

/// The rule that a summary breaks.
fn summary_fault(text: &str) -> Option<&'static str> {
    let verb = text.split(' ').next().unwrap_or_default();
    if !VERBS.contains(&verb) {
        Some("a summary begins with a verb of VERBS")
    } else if text.chars().count() > SUMMARY {
        Some("a summary has at most 60 characters")
    } else if text.ends_with('.') {
        Some("a summary has no full stop")
    } else {
        None
    }
}

/// The rule that the first word of a text breaks.
fn opener_fault(text: &str) -> Option<&'static str> {
    let first = text.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    OPENERS.contains(&first).then_some("a text does not open with What, Whether, Who, Whose, Whom, That, …")
}

/// Offsets of the whole words `phrase` in a text, both in lower case.
fn places_of(text: &str, phrase: &str) -> Vec<usize> {
    let places = text.match_indices(phrase).map(|(at, _)| at).filter(|at| {
        let before = text[..*at].chars().next_back();
        let after = text[at + phrase.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    });
    places.collect()
}

/// The rules that a description, a title or a detail breaks, in any of its sentences.
fn text_faults(text: &str) -> Vec<&'static str> {
    let lower = text.to_lowercase();
    let opener = text.split(['.', '\n']).find_map(|sentence| {
        let continues = !sentence.trim_start().starts_with(char::is_uppercase);
        if continues { None } else { opener_fault(sentence.trim_start()) }
    });
    let banned = BANNED.iter().any(|phrase| !places_of(&lower, phrase).is_empty());
    let indented = text.contains("\n ") && !text.contains("\n- ");
    let rules = [
        opener,
        banned.then_some(NO_BANNED_WORD),
        indented.then_some("the lines of a description are not indented"),
    ];
    rules.into_iter().flatten().collect()
}

/// The rule that a code breaks.
fn code_fault(code: &str) -> Option<&'static str> {
    let is_word = |word: &str| {
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    let is_stable = code.starts_with(|c: char| c.is_ascii_lowercase()) && code.split('_').all(is_word);
    (!is_stable).then_some("a code is snake_case")
}

/// The findings of an OpenAPI document. A file is searched for each text, so that its
/// line can be named.
fn lint_document(file: &str, json: &str) -> Vec<Finding> {
    let document: Value = serde_json::from_str(json).unwrap();
    let mut findings = Vec::new();
    walk(&document, "", &mut |key, text| {
        let rules = match key {
            "summary" => match text.strip_prefix("Alias of ") {
                Some(path) if document["paths"].get(path).is_some() => Vec::new(),
                Some(_) => vec!["an alias names a path of the document"],
                None => summary_fault(text).into_iter().collect(),
            },
            "code" => code_fault(text).into_iter().collect(),
            _ => text_faults(text),
        };
        let needle = Value::from(text).to_string();
        let found = json.lines().position(|line| line.contains(&needle));
        findings.extend(rules.into_iter().map(|rule| Finding {
            file: file.to_owned(),
            line: found.map_or(0, |at| at + 1),
            rule,
            text: text.to_owned(),
        }));
    });
    findings
}

/// Calls `see` with each summary, description and problem code of a document. Examples
/// are data, and a property may have the name `description`.
fn walk(value: &Value, key: &str, see: &mut impl FnMut(&str, &str)) {
    match value {
        Value::Object(fields) => {
            let is_named = ["properties", "schemas", "responses", "headers"].contains(&key);
            for (name, field) in fields {
                match field {
                    Value::String(text) if name == "summary" || name == "description" => see(name, text),
                    Value::Object(_) if !is_named && name == "code" => {}
                    _ if name == "enum" && key == "code" => {
                        let codes = field.as_array().into_iter().flatten().filter_map(Value::as_str);
                        codes.for_each(|code| see("code", code));
                    }
                    _ if !is_named && (name == "example" || name == "examples") => {}
                    _ => walk(field, name, see),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| walk(item, key, see)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// A comment line's marker, indent and text.
fn comment(line: &str) -> Option<(&str, &str, &str)> {
    let text = line.trim_start();
    let indent = &line[..line.len() - text.len()];
    let marker = ["//!", "///", "//"].into_iter().find(|marker| text.starts_with(marker))?;
    let text = &text[marker.len()..];
    (text.is_empty() || text.starts_with(' ')).then(|| (marker, indent, text.trim()))
}

/// The findings of a Rust file: first words of comments, summaries of operations, and
/// codes and details of faults.
fn lint_source(file: &str, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut add = |line: usize, rule: Option<&'static str>, text: &str| {
        let file = file.to_owned();
        findings.extend(rule.map(|rule| Finding { file, line, rule, text: text.to_owned() }));
    };
    let lines: Vec<&str> = text.lines().collect();
    let mut before = None;
    for (at, line) in lines.iter().enumerate() {
        let Some((marker, indent, text)) = comment(line) else {
            before = None;
            continue;
        };
        // The first line of a block, or of a paragraph in it.
        let opens = before.is_none_or(|(last, deep, words): (&str, &str, &str)| {
            (last, deep) != (marker, indent) || words.is_empty()
        });
        let is_first = before.is_none_or(|(last, deep, _)| (last, deep) != (marker, indent));
        before = Some((marker, indent, text));
        if opens {
            add(at + 1, opener_fault(text), text);
        }
        let rest = || lines[at..].iter().find(|line| comment(line).is_none());
        if is_first && marker == "///" && rest().is_some_and(|line| line.contains("#[utoipa::path(")) {
            add(at + 1, summary_fault(text), text);
        }
    }
    let calls = ["Invalid::new", "Named::new"].map(|call| text.match_indices(call));
    for (at, call) in calls.into_iter().flatten() {
        let Some(arguments) = text[at + call.len()..].strip_prefix('(') else { continue };
        let line = text[..at].matches('\n').count() + 1;
        let mut texts = literals(arguments).into_iter();
        if let Some(code) = texts.next() {
            add(line, code_fault(&code), &code);
        }
        for detail in texts {
            for rule in text_faults(&detail) {
                add(line, Some(rule), &detail);
            }
        }
    }
    findings.sort_by_key(|finding| finding.line);
    findings
}

/// The findings of a page in Markdown: its banned words.
fn lint_page(file: &str, text: &str) -> Vec<Finding> {
    // A phrase may go on in the next line. ASCII, so that every offset stays.
    let flat = text.to_ascii_lowercase().replace('\n', " ");
    let banned = BANNED.iter().filter(|phrase| !ALLOWED_IN_PAGES.contains(phrase));
    let places = banned.flat_map(|phrase| places_of(&flat, phrase));
    let findings = places.map(|at| {
        let line = text[..at].matches('\n').count();
        let found = text.lines().nth(line).unwrap_or_default();
        Finding { file: file.to_owned(), line: line + 1, rule: NO_BANNED_WORD, text: found.to_owned() }
    });
    let mut findings: Vec<_> = findings.collect();
    findings.sort_by_key(|finding| finding.line);
    findings
}

/// The pages in Markdown that users and contributors read, with their texts.
fn pages() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut pages = Vec::new();
    for folder in ["", "docs", "docs/decisions"] {
        for entry in fs::read_dir(root.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|end| end == "md") {
                let text = fs::read_to_string(&path).unwrap();
                pages.push((path.strip_prefix(root).unwrap().display().to_string(), text));
            }
        }
    }
    pages
}

/// The string literals at the beginning of a call's arguments, with numbers and
/// `format!(` before them.
fn literals(mut arguments: &str) -> Vec<String> {
    let mut literals = Vec::new();
    loop {
        arguments = arguments.trim_start_matches(|c: char| c.is_whitespace() || c.is_numeric() || c == ',');
        arguments = arguments.strip_prefix("format!(").unwrap_or(arguments).trim_start();
        let Some(rest) = arguments.strip_prefix('"') else { return literals };
        let mut is_escaped = false;
        let end = rest.find(|c: char| {
            let ends = c == '"' && !is_escaped;
            is_escaped = c == '\\' && !is_escaped;
            ends
        });
        let Some(end) = end else { return literals };
        // A backslash joins lines.
        literals.push(rest[..end].split("\\\n").map(str::trim_start).collect());
        arguments = &rest[end + 1..];
    }
}

#[test]
fn the_document_is_written_in_plain_words() {
    let path = "functions/web/assets/openapi.json";
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let findings = lint_document(path, &fs::read_to_string(root.join(path)).unwrap());
    assert!(findings.is_empty(), "{findings:#?}");
}

#[test]
fn pages_are_written_in_plain_words() {
    let pages = pages();
    assert!(pages.len() > 20, "{}", pages.len());
    let findings: Vec<_> = pages.iter().flat_map(|(path, text)| lint_page(path, text)).collect();
    assert!(findings.is_empty(), "{findings:#?}");
}

#[test]
fn comments_codes_and_details_are_written_in_plain_words() {
    let files = rust_files(&["shared", "functions", "local", "tests"]);
    assert!(files.len() > 500);
    let findings: Vec<_> = files.iter().flat_map(|(path, text)| lint_source(path, text)).collect();
    assert!(findings.is_empty(), "{findings:#?}");
}

/// Line and beginning of the rule of each finding.
fn places(findings: &[Finding]) -> Vec<(usize, &str)> {
    findings.iter().map(|finding| (finding.line, finding.rule.split(", ").next().unwrap())).collect()
}

#[test]
fn the_lint_finds_planted_faults_of_a_document() {
    let json = |summary: &str, description: &str, code: &str| {
        let document = serde_json::json!({
            "paths": { "/lamps": { "get": {
                "summary": summary,
                "description": description,
                "responses": { "200": { "description": "OK", "example": { "description": "What is gone" } } },
            } } },
            "components": { "schemas": { "Problem": { "properties": {
                "description": { "type": "string" },
                "code": { "type": "string", "enum": [code] },
            } } } },
        });
        serde_json::to_string_pretty(&document).unwrap()
    };
    let rules = |summary, description, code| -> Vec<&'static str> {
        let json = json(summary, description, code);
        let findings = lint_document("lamps.json", &json);
        for Finding { line, text, .. } in &findings {
            let found = json.lines().nth(line - 1).unwrap();
            assert!(found.contains(&Value::from(text.as_str()).to_string()), "{line}: {found}");
        }
        findings.iter().map(|finding| finding.rule).collect()
    };
    let plain = ("List lamps", "Lists lamps. Returns 404 for a deleted room.", "lamp_broken");
    let none: [&str; 0] = [];
    assert_eq!(rules(plain.0, plain.1, plain.2), none);
    let long = format!("List {}", "lamp ".repeat(12));
    for summary in ["What burns", "Lamps", "List lamps.", &long, "Alias of /gone"] {
        assert_eq!(rules(summary, plain.1, plain.2).len(), 1, "{summary}");
    }
    assert_eq!(rules("Alias of /lamps", plain.1, plain.2), none);
    for description in [
        "Whether it burns.",
        "Lists lamps. How bright they are.",
        "Lists lamps.\nWhose they are.",
        "The lamp is gone.",
        "Nobody's fault.",
        "Lists lamps\n of a room.",
    ] {
        assert_eq!(rules(plain.0, description, plain.2).len(), 1, "{description}");
    }
    assert_eq!(rules(plain.0, "Lists what burns. Howling lamps.", plain.2), none);
    for code in ["lampBroken", "Lamp_broken", "lamp__broken", "lamp-broken", "_lamp"] {
        assert_eq!(rules(plain.0, plain.1, code), ["a code is snake_case"], "{code}");
    }
}

#[test]
fn the_lint_finds_planted_faults_of_a_source() {
    // Joined here, so that this file has no such comments itself.
    let lines = [
        "//! {} the lamps are.",
        "/// A lamp.",
        "/// {} is not a first line.",
        "///",
        "/// {} burns.",
        "struct Lamp;",
        "",
        "    // {} it burns.",
        "let url = \"http://lamps\"; // {} stands after code.",
        "/// Lamps",
        "///",
        "/// Lists lamps.",
        "#[utoipa::path(get, path = \"/lamps\")]",
        "const BROKEN: Named =",
        "    Named::new(409, \"lampBroken\", \"The lamp is gone.\");",
        "Invalid::new(\"too_bright\", \"This lamp \\",
        "    is too bright.\");",
        "Invalid::new(\"too_dark\", format!(\"{lamp} is gone.\"));",
    ];
    let source = lines.join("\n").replace("{}", OPENERS[0]);
    let opener = "a text does not open with What";
    assert_eq!(
        places(&lint_source("lamps.rs", &source)),
        [
            (1, opener),
            (5, opener),
            (8, opener),
            (10, "a summary begins with a verb of VERBS"),
            (15, "a code is snake_case"),
            (15, "a public text has no word of BANNED"),
            (18, "a public text has no word of BANNED"),
        ]
    );
    let plain = source.replace(OPENERS[0], "Light").replace("Lamps\n", "List lamps\n");
    let plain = plain.replace("lampBroken", "lamp_broken").replace("gone", "broken");
    assert_eq!(places(&lint_source("lamps.rs", &plain)), []);
    let finding = &lint_source("lamps.rs", &source)[0];
    assert!(format!("{finding:?}").starts_with("lamps.rs:1: a text does not open with"), "{finding:?}");
}

#[test]
fn the_lint_finds_planted_faults_of_a_page() {
    let page = "# Lamps\n\nA lamp burns Anew, in the\nplace of a candle.\n\n| é | `gone` |\n";
    let findings = lint_page("lamps.md", page);
    let rule = "a public text has no word of BANNED";
    assert_eq!(places(&findings), [(3, rule), (3, rule), (6, rule)]);
    assert_eq!(findings[2].text, "| é | `gone` |");
    assert_eq!(lint_page("lamps.md", "A bygone lamp is behind the door.\n"), []);
}
