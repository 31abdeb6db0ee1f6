//! `docs/decisions`: the index <-> the headings of the records, the form of a record, and
//! the links.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// File names with texts.
type Files = BTreeMap<String, String>;

/// Parts of a record, in their order.
const PARTS: [&str; 4] = ["**Context.**", "**Decision.**", "**Alternatives.**", "**Consequences.**"];

fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/decisions"))
}

/// The index, and the files of the themes.
fn read() -> (String, Files) {
    let mut files = Files::new();
    for entry in fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        files.insert(name, fs::read_to_string(path).unwrap());
    }
    let index = files.remove("README.md").unwrap();
    (index, files)
}

/// The anchor of a heading, as GitHub makes it.
fn anchor(heading: &str) -> String {
    let lower = heading.to_lowercase();
    let kept = lower.chars().filter(|c| c.is_alphanumeric() || [' ', '-', '_'].contains(c));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// The anchors of a text's headings.
fn anchors(text: &str) -> BTreeSet<String> {
    let headings = text.lines().filter(|line| line.starts_with('#'));
    headings.map(|line| anchor(line.trim_start_matches('#').trim())).collect()
}

/// The targets of a text's links.
fn links(text: &str) -> Vec<&str> {
    text.split("](").skip(1).filter_map(|rest| rest.split(')').next()).collect()
}

/// The rows of an index of these themes, in the order of their numbers.
fn rows(themes: &Files) -> Vec<String> {
    let mut rows = Vec::new();
    for (file, text) in themes {
        let theme = text.lines().next().unwrap_or_default().trim_start_matches("# ");
        for heading in text.lines().filter_map(|line| line.strip_prefix("## ")) {
            let (number, title) = heading.split_once(' ').unwrap_or((heading, ""));
            rows.push(format!("| {number} | [{title}]({file}#{}) | {theme} |", anchor(heading)));
        }
    }
    rows.sort();
    rows
}

/// Each difference between the index and the headings, and each number that is not the
/// next one.
fn index_faults(index: &str, themes: &Files) -> Vec<String> {
    let is_row =
        |line: &&str| line.starts_with("| ") && line.as_bytes().get(2).is_some_and(u8::is_ascii_digit);
    let indexed: Vec<String> = index.lines().filter(is_row).map(str::to_owned).collect();
    let recorded = rows(themes);
    let mut faults = Vec::new();
    for row in indexed.iter().filter(|row| !recorded.contains(row)) {
        faults.push(format!("has no heading: {row}"));
    }
    for row in recorded.iter().filter(|row| !indexed.contains(row)) {
        faults.push(format!("is not in the index: {row}"));
    }
    for rows in [&indexed, &recorded] {
        for (place, row) in rows.iter().enumerate() {
            let number = format!("{:04}", place + 1);
            if !row.starts_with(&format!("| {number} |")) {
                faults.push(format!("is not number {number}: {row}"));
            }
        }
    }
    faults
}

/// Each record whose parts are not the four, in their order.
fn record_faults(themes: &Files) -> Vec<String> {
    let mut faults = Vec::new();
    for (file, text) in themes {
        for record in text.split("\n## ").skip(1) {
            let lines = record.lines().filter(|line| line.starts_with("**") && line.contains(".**"));
            let parts: Vec<&str> = lines.map(|line| &line[..line.find(".**").unwrap() + 3]).collect();
            let is_own = |part: &&&str| !part.starts_with("**Superseded by ");
            let own: Vec<&str> = parts.iter().filter(is_own).copied().collect();
            if own != PARTS {
                let heading = record.lines().next().unwrap_or_default();
                faults.push(format!("{file}: {heading}: {own:?}"));
            }
        }
    }
    faults
}

/// Each link that leads to no file, or to no heading of it.
fn link_faults(folder: &Path, files: &Files) -> Vec<String> {
    let mut faults = Vec::new();
    for (file, text) in files {
        for link in links(text).into_iter().filter(|link| !link.starts_with("https://")) {
            let (path, heading) = link.split_once('#').unwrap_or((link, ""));
            let path = folder.join(if path.is_empty() { file.as_str() } else { path });
            let leads = fs::read_to_string(path)
                .is_ok_and(|text| heading.is_empty() || anchors(&text).contains(heading));
            if !leads {
                faults.push(format!("{file}: {link}"));
            }
        }
    }
    faults
}

#[test]
fn every_record_has_its_row_in_the_index_and_the_next_number() {
    let (index, themes) = read();
    assert!(themes.len() >= 8, "{:?}", themes.keys());
    assert_eq!(index_faults(&index, &themes), Vec::<String>::new());
}

#[test]
fn every_record_has_the_four_parts() {
    let (_, themes) = read();
    assert_eq!(record_faults(&themes), Vec::<String>::new());
}

#[test]
fn every_link_of_the_records_leads_to_a_heading() {
    let (index, mut files) = read();
    files.insert("README.md".to_owned(), index);
    assert_eq!(link_faults(&folder(), &files), Vec::<String>::new());
}

#[test]
fn faults_of_the_records_are_found() {
    let (index, themes) = read();
    let changed = |from: &str, to: &str| -> Files {
        let change = |(file, text): (&String, &String)| (file.clone(), text.replace(from, to));
        let changed: Files = themes.iter().map(change).collect();
        assert!(changed != themes, "{from:?} is in no record");
        changed
    };
    // A number that is given twice, a title that has changed, a record that is removed.
    assert!(!index_faults(&index, &changed("\n## 0002 ", "\n## 0001 ")).is_empty());
    assert!(!index_faults(&index, &changed("\n## 0003 ", "\n## 0003 Never ")).is_empty());
    assert!(!index_faults(&index, &changed("\n## 0004 ", "\n### 0004 ")).is_empty());
    let shorter: String =
        index.lines().filter(|line| !line.starts_with("| 0005 ")).collect::<Vec<_>>().join("\n");
    assert!(!index_faults(&shorter, &themes).is_empty());
    assert!(!record_faults(&changed("\n**Decision.**", "\n**Verdict.**")).is_empty());
    let files = Files::from([("a.md".to_owned(), "[a](README.md#no-such-heading)".to_owned())]);
    assert_eq!(link_faults(&folder(), &files), ["a.md: README.md#no-such-heading"]);
    assert_eq!(anchor("0015 Read a `Field<T>`, once"), "0015-read-a-fieldt-once");
}
