//! SECURITY.md's table of OWASP ASVS 5.0 <-> the tests that it names.

use std::{fs, path::PathBuf};

/// Sections with their numbers of requirements of levels 1 and 2.
const REQUIREMENTS: [(&str, u32); 19] = [
    ("6.1", 3),
    ("6.2", 11),
    ("6.3", 4),
    ("6.4", 4),
    ("6.5", 5),
    ("6.6", 3),
    ("6.8", 4),
    ("7.1", 3),
    ("7.2", 4),
    ("7.3", 2),
    ("7.4", 5),
    ("7.5", 2),
    ("7.6", 2),
    ("8.1", 2),
    ("8.2", 3),
    ("8.3", 1),
    ("8.4", 1),
    ("9.1", 3),
    ("9.2", 4),
];

/// Beginnings of rows without a test.
const WITHOUT_A_TEST: [&str; 4] = ["Not met: ", "In part: ", "Does not apply: ", "No test: "];

fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// Number and last cell of each row.
fn rows() -> Vec<(String, String)> {
    let security = fs::read_to_string(root().join("SECURITY.md")).unwrap();
    let (_, table) = security.split_once("\n## OWASP ASVS").unwrap();
    let rows = table.lines().filter(|line| line.starts_with("| ") && line.as_bytes()[2].is_ascii_digit());
    let cells = rows.map(|line| line.split(" | ").collect::<Vec<_>>());
    cells
        .map(|cells| {
            assert_eq!(cells.len(), 3, "{cells:?}");
            (cells[0].trim_start_matches("| ").to_owned(), cells[2].trim_end_matches(" |").to_owned())
        })
        .collect()
}

/// The names of tests in a cell.
fn tests_of(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).filter(|name| name.contains("::")).collect()
}

/// True if the sources have the test `module::name`.
fn exists(test: &str) -> bool {
    let (module, name) = test.rsplit_once("::").unwrap();
    let path = match module.strip_prefix("shared::") {
        Some(module) => format!("shared/src/{}", module.replace("::", "/")),
        None => format!("tests/{}", module.replace("::", "/")),
    };
    let source = [format!("{path}.rs"), format!("{path}/mod.rs")]
        .iter()
        .find_map(|path| fs::read_to_string(root().join(path)).ok());
    source.is_some_and(|source| {
        let declared = [format!("#[test]\nfn {name}()"), format!("#[tokio::test]\nasync fn {name}()")];
        let flat = source.lines().map(str::trim_start).collect::<Vec<_>>().join("\n");
        declared.iter().any(|declaration| flat.contains(declaration))
    })
}

#[test]
fn every_requirement_has_its_row() {
    let wanted = REQUIREMENTS
        .iter()
        .flat_map(|(section, count)| (1..=*count).map(move |at| format!("{section}.{at}")));
    let found: Vec<String> = rows().into_iter().map(|(number, _)| number).collect();
    assert_eq!(found, wanted.collect::<Vec<_>>());
}

#[test]
fn every_row_names_tests_that_exist_or_says_why_there_is_none() {
    for (number, cell) in rows() {
        let tests = tests_of(&cell);
        for test in &tests {
            assert!(exists(test), "{number}: there is no test {test}");
        }
        let excused = WITHOUT_A_TEST.iter().any(|beginning| cell.starts_with(beginning));
        assert!(!tests.is_empty() || excused, "{number}: {cell}");
    }
    assert!(!exists("contracts::asvs::no_such_test"));
}
