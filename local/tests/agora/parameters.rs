//! Parameters of the stack, from the folder and the command line.

use super::helpers::{Result, Serving, agora, fault};

#[test]
fn parameters_come_from_the_folder_and_the_command_line() -> Result {
    let folder = tempfile::tempdir()?;
    let lines = "# Of mine\n\nVITE_API=x\nAllowedOrigins=\"https://shop.example\"\n";
    std::fs::write(folder.path().join(".env"), lines)?;
    let serving = Serving::start_in(folder.path(), &["--memory"])?;
    let answer = serving.answer_to("https://shop.example")?;
    assert!(answer.contains("access-control-allow-origin: https://shop.example"), "{answer}");
    let set = "AllowedOrigins=https://other.example";
    let serving = Serving::start_in(folder.path(), &["--memory", "--set", set])?;
    let answer = serving.answer_to("https://other.example")?;
    assert!(answer.contains("access-control-allow-origin: https://other.example"), "{answer}");
    let answer = serving.answer_to("https://shop.example")?;
    assert!(!answer.contains("access-control-allow-origin"), "{answer}");
    Ok(())
}

#[test]
fn an_unknown_parameter_is_refused_with_the_known_ones() -> Result {
    let refused = |set: &str| -> Result<String> { Ok(fault(&agora(&["--memory", "--set", set]).output()?)) };
    let unknown = refused("LowStok=3")?;
    assert!(unknown.contains("no parameter LowStok") && unknown.contains("LowStock, "), "{unknown}");
    for (set, wanted) in [
        ("LowStock=few", "a number of 0 or more, not `few`"),
        ("MailsPerHour=51", "a number from 1 to 50, not `51`"),
        ("NetworkLimits=nowhere", "one of everywhere, not-loopback"),
        ("Stage=prod", "always local here"),
        ("LowStock", "not of the form Parameter=value"),
    ] {
        let said = refused(set)?;
        assert!(said.contains(wanted), "{set}: {said}");
    }
    let folder = tempfile::tempdir()?;
    std::fs::write(folder.path().join(".env"), "STAGE=x\nlowStock=3\n")?;
    let output = agora(&["--memory"]).current_dir(folder.path()).output()?;
    let said = fault(&output);
    assert!(said.contains(".env, line 2") && said.contains("lowStock"), "{said}");
    Ok(())
}
