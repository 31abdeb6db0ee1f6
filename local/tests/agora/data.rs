//! The data folder: its permissions, backups, and rewritten items.

use std::path::Path;

use super::helpers::{Result, Serving, agora, fault};

#[cfg(unix)]
#[test]
fn the_data_folder_is_its_owners() -> Result {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("data");
    std::fs::create_dir(&data)?;
    std::fs::set_permissions(&data, std::fs::Permissions::from_mode(0o755))?;
    let mode = |path: &Path| -> Result<u32> { Ok(std::fs::metadata(path)?.permissions().mode() & 0o777) };
    let path = data.to_str().ok_or("a path")?;
    let serving = Serving::start(&["--data-dir", path])?;
    assert!(agora(&["seed", "--users", "1", "--data-dir", path]).output()?.status.success());
    assert_eq!(mode(&data)?, 0o700);
    let mut names = Vec::new();
    for file in std::fs::read_dir(&data)? {
        let file = file?;
        let expected = if file.file_type()?.is_dir() { 0o700 } else { 0o600 };
        assert_eq!(mode(&file.path())?, expected, "{}", file.path().display());
        names.push(file.file_name().into_string().map_err(|_| "a name")?);
    }
    assert!(names.iter().any(|name| name == "table.sqlite-wal"), "{names:?}");
    drop(serving);
    // Files of an earlier release are restricted to the owner at the next start.
    std::fs::set_permissions(data.join("table.sqlite"), std::fs::Permissions::from_mode(0o644))?;
    let _serving = Serving::start(&["--data-dir", path])?;
    assert_eq!(mode(&data.join("table.sqlite"))?, 0o600);
    Ok(())
}

#[test]
fn a_backup_of_a_running_platform_is_restored() -> Result {
    let folder = tempfile::tempdir()?;
    let path = |name: &str| folder.path().join(name).display().to_string();
    let (data, file, restored) = (path("data"), path("agora.backup"), path("restored"));
    let run = |arguments: &[&str]| -> Result<String> {
        let output = agora(arguments).output()?;
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        Ok(String::from_utf8(output.stdout)?)
    };
    let serving = Serving::start(&["--data-dir", &data])?;
    run(&["seed", "--users", "3", "--data-dir", &data])?;
    run(&["backup", &file, "--data-dir", &data])?;
    // Without the secrets of the folder, no address is found.
    let parameters = |folder: &str| std::fs::read_to_string(Path::new(folder).join("parameters.json"));
    let secrets = parameters(&data)?;
    run(&["seed", "--users", "5", "--data-dir", &data])?;
    drop(serving);
    run(&["restore", &file, "--data-dir", &restored])?;
    assert_eq!(parameters(&restored)?, secrets);
    let said = run(&["seed", "--users", "5", "--data-dir", &restored])?;
    assert!(said.contains("2 accounts created, 3 existing"), "{said}");

    let exists = fault(&agora(&["backup", &file, "--data-dir", &data]).output()?);
    assert!(exists.contains("exists") && exists.contains("hint:"), "{exists}");
    let in_use = fault(&agora(&["restore", &file, "--data-dir", &data]).output()?);
    assert!(in_use.contains("is not empty") && in_use.contains("agora reset"), "{in_use}");
    std::fs::write(path("text"), "no backup")?;
    let no_backup = fault(&agora(&["restore", &path("text"), "--data-dir", &path("new")]).output()?);
    assert!(no_backup.contains("is not a backup"), "{no_backup}");
    Ok(())
}

#[test]
fn stored_items_are_counted_planned_rewritten_and_verified() -> Result {
    let folder = tempfile::tempdir()?;
    let data = folder.path().to_str().ok_or("a path")?;
    assert!(agora(&["seed", "--users", "2", "--data-dir", data]).output()?.status.success());
    for (command, says) in [
        ("status", "2  user v1"),
        ("plan", "about 0 write units"),
        ("backfill", "0 rewrites"),
        ("verify", "all in their current form"),
    ] {
        let output = agora(&["schema", command, "--data-dir", data]).output()?;
        assert!(output.status.success(), "{command}: {output:?}");
        let said = String::from_utf8(output.stdout)?;
        assert!(said.contains(says), "{command}: {said}");
    }
    Ok(())
}
