//! Help of the commands, and commands that need no platform.

use super::helpers::{Result, agora, fault};

#[test]
fn every_command_tells_of_itself() -> Result {
    let output = agora(&["--help"]).output()?;
    assert!(output.status.success());
    let help = String::from_utf8(output.stdout)?;
    let (_, commands) = help.split_once("Commands:").ok_or("no commands")?;
    let (commands, _) = commands.split_once("Options:").ok_or("no options")?;
    let names = commands.lines().filter_map(|line| line.strip_prefix("  ")?.split_whitespace().next());
    for name in names.filter(|name| *name != "help") {
        let output = agora(&[name, "--help"]).output()?;
        assert!(output.status.success(), "{name}: {output:?}");
        let help = String::from_utf8(output.stdout)?;
        let (about, _) = help.split_once("Usage:").ok_or("no usage")?;
        assert!(!about.trim().is_empty(), "{name} says nothing of itself");
    }
    Ok(())
}

#[test]
fn commands_that_write_sources_want_a_repository() -> Result {
    let folder = tempfile::tempdir()?;
    let root = folder.path().to_str().ok_or("a path")?;
    for arguments in [&["write", "--root", root][..], &["new-group", "ships", "--root", root]] {
        let refused = fault(&agora(arguments).output()?);
        assert!(refused.contains("is not a repository of Agora") && refused.contains("--root"), "{refused}");
    }
    assert_eq!(std::fs::read_dir(folder.path())?.count(), 0);
    Ok(())
}

#[test]
fn the_doctor_names_what_a_first_deployment_misses() -> Result {
    let folder = tempfile::tempdir()?;
    let config = "[prod.deploy.parameters]\nparameter_overrides = [\n  \"PublicUrl=https://shop.test\",\n  \
                  \"MailSender=no-reply@agora.example\",\n]\n";
    std::fs::write(folder.path().join("samconfig.toml"), config)?;
    let output = agora(&["doctor"]).current_dir(folder.path()).env_clear().output()?;
    assert!(!output.status.success());
    let said = String::from_utf8(output.stdout)?;
    assert!(said.contains("fine         public URL"), "{said}");
    for missing in ["sender of emails", "topic of alarms", "AWS SAM", "cargo-lambda", "AWS credentials"] {
        assert!(said.contains(&format!("missing      {missing}\n")), "{missing}: {said}");
    }
    let stage = agora(&["doctor", "--stage", "prod"]).env_clear().output()?;
    assert!(fault(&stage).contains("AWS_REGION is not set"));
    Ok(())
}
