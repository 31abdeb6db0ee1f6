//! `agora new-group`: a created group compiles, and a refused one changes nothing.
//! `tests/new_group/run` also runs the group's tests.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::Command,
};

use local::{
    new_group::{NewGroupError, create},
    write::Repository,
};

/// Cargo's target folder.
fn target() -> PathBuf {
    // target/debug/deps/all-…
    std::env::current_exe().unwrap().ancestors().nth(3).unwrap().to_path_buf()
}

/// Makes a copy of the sources. The path is always the same, so that cargo reuses its
/// earlier checks. The version is another: cargo would otherwise take the crates of the copy
/// for those of the workspace, and not see the next change of these.
fn copy() -> PathBuf {
    let copy = target().join("new-group");
    match fs::remove_dir_all(&copy) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => panic!("{error}"),
        _ => copy_folder(Repository::built_in().folder(), &copy),
    }
    let manifest = fs::read_to_string(copy.join("Cargo.toml")).unwrap();
    let version = |suffix: &str| format!("version = \"{}{suffix}\"", env!("CARGO_PKG_VERSION"));
    let other = manifest.replace(&version(""), &version("-copy"));
    assert_ne!(manifest, other);
    fs::write(copy.join("Cargo.toml"), other).unwrap();
    copy
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let (name, path) = (entry.file_name(), entry.path());
        let is_source = name != "target" && !name.to_string_lossy().starts_with('.');
        if path.is_file() {
            fs::copy(&path, to.join(&name)).unwrap();
        } else if is_source || name == ".cargo" {
            copy_folder(&path, &to.join(&name));
        }
    }
}

#[test]
fn a_new_group_compiles() {
    let copy = copy();
    let (files, changed) = create(&copy, "gadgets", "Gadgets, for a test").unwrap();
    assert!(files.iter().all(|file| copy.join(file).is_file()), "{files:?}");
    assert_eq!(changed.len(), 6, "{changed:?}");
    let modules = fs::read_to_string(copy.join("tests/api/v1/mod.rs")).unwrap();
    assert!(modules.lines().filter(|line| line.starts_with("mod ")).is_sorted(), "{modules}");
    // `local` depends on every function.
    let checked = Command::new(env!("CARGO"))
        .args(["check", "--offline", "--quiet", "--package", "local"])
        .current_dir(&copy)
        .env("CARGO_TARGET_DIR", target())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&checked.stderr);
    assert!(checked.status.success() && !said.contains("warning"), "{said}");

    let again = create(&copy, "gadgets", "").unwrap_err();
    assert!(matches!(again, NewGroupError::Exists(_)), "{again}");
}

#[test]
fn a_group_that_has_no_place_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["", "Widgets", "my-widgets", "w"] {
        let error = create(folder.path(), name, "").unwrap_err();
        assert!(matches!(error, NewGroupError::Name(_)), "{name}: {error}");
    }
    fs::write(folder.path().join("Cargo.toml"), "# Ours\n").unwrap();
    let error = create(folder.path(), "widgets", "").unwrap_err();
    assert!(error.to_string().contains("Cargo.toml: no line begins with `local = `"), "{error}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is created");
}
