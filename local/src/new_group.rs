//! Creation of a group: a crate with a health route, a consumer and their tests, and
//! the rows by which the rest of the repository knows it. `agora write` generates the
//! rest from these.

use std::{fs, io, path::Path};

/// Files of a group. `__group__` and `__Group__` stand for its name, `__about__` for
/// its description.
const FILES: [(&str, &str); 9] = [
    ("functions/__group__/Cargo.toml", include_str!("new_group/Cargo.toml.txt")),
    ("functions/__group__/src/main.rs", include_str!("new_group/main.rs.txt")),
    ("functions/__group__/src/consumer.rs", include_str!("new_group/consumer.rs.txt")),
    ("functions/__group__/src/lib.rs", include_str!("new_group/lib.rs.txt")),
    ("functions/__group__/src/state.rs", include_str!("new_group/state.rs.txt")),
    ("functions/__group__/src/reactions.rs", include_str!("new_group/reactions.rs.txt")),
    ("functions/__group__/src/routes/mod.rs", include_str!("new_group/routes.rs.txt")),
    ("functions/__group__/src/routes/get_health.rs", include_str!("new_group/get_health.rs.txt")),
    ("tests/api/v1/__group__.rs", include_str!("new_group/test.rs.txt")),
];

/// Rows of a group.
const ROWS: [Row; 6] = [
    Row {
        path: "Cargo.toml",
        within: "# Ours",
        before: "local = ",
        text: "__group__ = { path = \"functions/__group__\" }\n",
    },
    Row {
        path: "local/Cargo.toml",
        within: "[dependencies]",
        before: "web.workspace",
        text: "__group__.workspace = true\n",
    },
    Row {
        path: "local/src/functions.rs",
        within: "functions! {",
        before: "    Publisher: ",
        text: "    __Group__Api: Http(__group__::api, __group__::Config), openapi: Some(__group__::openapi);\n    \
               __Group__Consumer: Queue(__group__::consumer, ()), listens_to: __group__::EVENT_TYPES;\n",
    },
    // In alphabetical order, as rustfmt wants it.
    Row { path: "tests/api/v1/mod.rs", within: "", before: "mod ", text: "mod __group__;\n" },
    Row {
        path: "tests/api/matrix.rs",
        within: "const MATRIX",
        before: "];",
        text: "\n    (\"GET /api/v1/__group__/health\", [200, 200, 200, 200, 200]),\n",
    },
    Row {
        path: "template.yaml",
        within: "Resources:",
        before: "  # --- Alarms and dashboard",
        text: include_str!("new_group/template.yaml.txt"),
    },
];

/// A row of a group.
struct Row {
    /// Its file.
    path: &'static str,
    /// A text of the file above the row.
    within: &'static str,
    /// Beginning of the line after the row. If the row begins so too, it is inserted in
    /// alphabetical order among such lines.
    before: &'static str,
    text: &'static str,
}

/// Errors of creating a group.
#[derive(Debug, thiserror::Error)]
pub enum NewGroupError {
    /// Not a valid name.
    #[error("{0} is not a valid group name: use one word of 2 to 20 lower-case letters, such as `events`")]
    Name(String),
    /// The group exists.
    #[error("functions/{0} already exists")]
    Exists(String),
    /// A file lacks the position for the group's row.
    #[error("{path}: no line begins with `{before}`\nhint: correct the row in local/src/new_group.rs")]
    NoPlace {
        /// The file.
        path: &'static str,
        /// Expected beginning of the line.
        before: &'static str,
    },
    /// A file cannot be read or written.
    #[error("{path}: {error}")]
    File {
        /// The file.
        path: String,
        /// Error of the system.
        error: io::Error,
    },
}

/// Creates the group `name` in the repository at `root`, and returns the file names:
/// new files, then files with a new row. Changes nothing if a row has no position.
pub fn create(root: &Path, name: &str, about: &str) -> Result<(Vec<String>, Vec<String>), NewGroupError> {
    if !(2..=20).contains(&name.len()) || !name.bytes().all(|letter| letter.is_ascii_lowercase()) {
        return Err(NewGroupError::Name(name.to_owned()));
    }
    if root.join("functions").join(name).exists() {
        return Err(NewGroupError::Exists(name.to_owned()));
    }
    // The texts end the sentence.
    let about = about.trim_end_matches('.');
    let (first, rest) = name.split_at(1);
    let capitalised = format!("{}{rest}", first.to_ascii_uppercase());
    let named = |text: &str| {
        text.replace("__group__", name).replace("__Group__", &capitalised).replace("__about__", about)
    };
    let rows = ROWS.iter().map(|row| Ok((row.path.to_owned(), row.insert(root, &named(row.text))?)));
    let rows = rows.collect::<Result<Vec<(String, String)>, NewGroupError>>()?;
    let files: Vec<(String, String)> = FILES.iter().map(|(path, text)| (named(path), named(text))).collect();
    for (path, text) in files.iter().chain(&rows) {
        let file = root.join(path);
        let done = file.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&file, text));
        done.map_err(|error| NewGroupError::File { path: path.clone(), error })?;
    }
    let paths = |files: Vec<(String, String)>| files.into_iter().map(|(path, _)| path).collect();
    Ok((paths(files), paths(rows)))
}

impl Row {
    /// The file's text with `text` inserted.
    fn insert(&self, root: &Path, text: &str) -> Result<String, NewGroupError> {
        let Self { path, within, before, .. } = *self;
        let file = fs::read_to_string(root.join(path));
        let file = file.map_err(|error| NewGroupError::File { path: path.to_owned(), error })?;
        let begin = file.find(within).unwrap_or(file.len());
        let lines = file.split_inclusive('\n').scan(0, |end, line| {
            *end += line.len();
            Some((*end - line.len(), line))
        });
        let mut places = lines.filter(|(at, line)| *at >= begin && line.starts_with(before));
        let place = if text.starts_with(before) {
            let mut last = None;
            let later = places.find(|(at, line)| {
                last = Some(at + line.len());
                *line > text
            });
            later.map(|(at, _)| at).or(last)
        } else {
            places.next().map(|(at, _)| at)
        };
        let place = place.ok_or(NewGroupError::NoPlace { path, before })?;
        Ok(format!("{}{text}{}", &file[..place], &file[place..]))
    }
}
