//! Checks before a first deployment: the parameters of `prod` in `samconfig.toml`, the
//! tools, the AWS variables.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use shared::config::Variables;

use super::{Finding, Findings, State};

/// Domain of the placeholders in `samconfig.toml`.
const PLACEHOLDER: &str = "agora.example";

/// Looks at this machine, and at the `samconfig.toml` of a folder.
pub fn examine_machine(folder: &Path, variables: &Variables) -> Findings {
    let config = folder.join("samconfig.toml");
    let prod = fs::read_to_string(&config).map(|text| section(&text, "[prod.deploy.parameters]"));
    let prod = prod.map_err(|error| format!("{}: {error}", config.display()));
    let parameter = |subject, name: &str| {
        let is_set = |text: String| value_of(&text, name).is_some_and(|value| !value.contains(PLACEHOLDER));
        let remedy = format!("set {name} of [prod.deploy.parameters] in samconfig.toml");
        Finding::of(subject, prod.clone(), is_set, remedy)
    };
    let credentials = ["AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];
    let is_signed_in = credentials.iter().all(|name| variables.get(name).is_some());
    let tool = |subject, name: &str, remedy: &str| {
        Finding::new(subject, present(in_path(name, variables).is_some()), remedy)
    };
    Findings(vec![
        parameter("public URL", "PublicUrl"),
        parameter("sender of emails", "MailSender"),
        parameter("topic of alarms", "AlarmTopic"),
        tool("AWS SAM", "sam", "pip install aws-sam-cli"),
        tool("cargo-lambda", "cargo-lambda", "pip install cargo-lambda"),
        Finding::new(
            "AWS credentials",
            present(is_signed_in),
            "export AWS_REGION=eu-central-1 && eval \"$(aws configure export-credentials --format env)\"",
        ),
    ])
}

fn present(is_present: bool) -> State {
    if is_present { State::Fine } else { State::Missing }
}

/// Lines of a section, without comments.
fn section(text: &str, heading: &str) -> String {
    let lines = text.lines().skip_while(|line| line.trim() != heading).skip(1);
    let lines = lines.take_while(|line| !line.starts_with('['));
    lines.filter(|line| !line.trim_start().starts_with('#')).collect::<Vec<_>>().join("\n")
}

/// Value of `"Name=value"` in the lines of a section.
fn value_of<'a>(section: &'a str, name: &str) -> Option<&'a str> {
    let texts = section.split('"').skip(1).step_by(2);
    texts.filter_map(|text| text.split_once('=')).find(|(found, _)| *found == name).map(|(_, value)| value)
}

fn in_path(name: &str, variables: &Variables) -> Option<PathBuf> {
    let folders = env::split_paths(variables.get("PATH")?).collect::<Vec<_>>();
    folders.into_iter().map(|folder| folder.join(name)).find(|path| path.is_file())
}
