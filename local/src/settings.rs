//! Template parameters on a developer's machine: from `--set`, else from `.env`, else
//! from the platform itself.

use std::{collections::BTreeMap, fs, io, path::Path};

use serde_json::Value;

use crate::stack::Template;

/// Default port of the gateway.
pub const PORT: u16 = 3000;

/// Parameters on a developer's machine that differ from their defaults or have none.
pub fn parameters(public_url: &str) -> BTreeMap<String, String> {
    let parameters = [
        ("Stage", STAGE),
        ("PublicUrl", public_url),
        ("MailSender", "agora@example.com"),
        ("NetworkLimits", "not-loopback"),
        ("AllowedOrigins", "loopback"),
        ("RequireConfirmedEmail", "false"),
    ];
    parameters.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
}

/// The local stage. It cannot be set: the data folder holds secrets below its name.
const STAGE: &str = "local";

/// Parameters that the developer sets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings(pub(crate) BTreeMap<String, String>);

/// Errors of a setting.
#[derive(Debug, thiserror::Error)]
pub enum SettingError {
    /// The file exists and cannot be read.
    #[error("cannot read {0}: {1}")]
    Unreadable(String, io::Error),
    /// The line has no name and value.
    #[error("{place}: `{text}` is not of the form Parameter=value")]
    Malformed {
        /// Its position.
        place: String,
        /// Its text.
        text: String,
    },
    /// The template does not have the parameter.
    #[error("{place}: template.yaml has no parameter {name}\nhint: it has {known}")]
    Unknown {
        /// Its position.
        place: String,
        /// The name.
        name: String,
        /// The existing parameters.
        known: String,
    },
    /// The parameter does not accept the value.
    #[error("{place}: {name} is {wanted}, not `{value}`")]
    Refused {
        /// Its position.
        place: String,
        /// The parameter.
        name: String,
        /// Its value.
        value: String,
        /// The accepted values.
        wanted: String,
    },
}

impl Settings {
    /// The lines of the file at `dotenv`, if it exists, overridden by `set`, each of
    /// the form `Parameter=value`.
    pub fn read(template: &Template, dotenv: &Path, set: &[String]) -> Result<Self, SettingError> {
        let mut settings = Self::default();
        match fs::read_to_string(dotenv) {
            Ok(text) => {
                for (number, line) in text.lines().enumerate() {
                    let place = format!("{}, line {}", dotenv.display(), number + 1);
                    settings.read_line(template, &place, line)?;
                }
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(SettingError::Unreadable(dotenv.display().to_string(), error)),
        }
        for text in set {
            settings.add(template, "--set", text)?;
        }
        Ok(settings)
    }

    /// Parses a line of a file that other programs may read too: names in capitals are
    /// their variables (`cargo lambda watch` has some of `.env.example`), and no
    /// parameter has such a name.
    fn read_line(&mut self, template: &Template, place: &str, line: &str) -> Result<(), SettingError> {
        let line = line.trim();
        let line = line.strip_prefix("export ").unwrap_or(line);
        let name = line.split('=').next().unwrap_or_default();
        if line.is_empty() || line.starts_with('#') || !name.contains(|c: char| c.is_ascii_lowercase()) {
            return Ok(());
        }
        self.add(template, place, line)
    }

    fn add(&mut self, template: &Template, place: &str, text: &str) -> Result<(), SettingError> {
        let place = place.to_owned();
        let Some((name, value)) = text.split_once('=') else {
            return Err(SettingError::Malformed { place, text: text.to_owned() });
        };
        let (name, value) = (name.trim(), unquoted(value.trim()));
        let parameters = template.value["Parameters"].as_object();
        let Some(parameter) = parameters.and_then(|parameters| parameters.get(name)) else {
            let names = parameters.into_iter().flat_map(serde_json::Map::keys).map(String::as_str);
            let known = names.collect::<Vec<_>>().join(", ");
            return Err(SettingError::Unknown { place, name: name.to_owned(), known });
        };
        let wanted = if name == "Stage" && value != STAGE {
            Some(format!("always {STAGE} here"))
        } else {
            wanted(parameter, value)
        };
        if let Some(wanted) = wanted {
            return Err(SettingError::Refused {
                place,
                name: name.to_owned(),
                value: value.to_owned(),
                wanted,
            });
        }
        self.0.insert(name.to_owned(), value.to_owned());
        Ok(())
    }
}

/// Accepted values, if `value` is not one. Patterns are left to the functions, which
/// parse their variables.
fn wanted(parameter: &Value, value: &str) -> Option<String> {
    if let Some(allowed) = parameter["AllowedValues"].as_array() {
        let allowed: Vec<String> = allowed.iter().map(text).collect();
        return (!allowed.iter().any(|one| one == value)).then(|| format!("one of {}", allowed.join(", ")));
    }
    if parameter["Type"] != "Number" {
        return None;
    }
    let least = parameter["MinValue"].as_i64().unwrap_or(i64::MIN);
    let most = parameter["MaxValue"].as_i64().unwrap_or(i64::MAX);
    let fits = value.parse::<i64>().is_ok_and(|number| (least..=most).contains(&number));
    let bounds = match (least, most) {
        (i64::MIN, i64::MAX) => String::new(),
        (least, i64::MAX) => format!(" of {least} or more"),
        (least, most) => format!(" from {least} to {most}"),
    };
    (!fits).then(|| format!("a number{bounds}"))
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The value without surrounding quotation marks, as a shell would read it.
fn unquoted(value: &str) -> &str {
    ['"', '\''].iter().find_map(|&mark| value.strip_prefix(mark)?.strip_suffix(mark)).unwrap_or(value)
}
