//! Files, and blocks of files, that are generated from the code: `agora write`. Facts
//! of the code are written by hand nowhere else, and `--check` fails for a stale file.

mod blocks;
mod consumer;
mod diagram;
mod events;
mod function;
mod head;
mod policy;
pub mod routes;
mod statement;
mod template;
mod variables;
mod watch;
mod yaml;

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use shared::bus::{DomainEvent, events::EventDocument};

use crate::{documents, stack::Template};

/// Errors of writing or checking a file.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The folder is not a repository.
    #[error("{} is not a repository of Agora\nhint: this command writes source files; set a clone with --root", .0.display())]
    NoRepository(PathBuf),
    /// The file cannot be read or written.
    #[error("{path}: {error}")]
    File {
        /// The file.
        path: PathBuf,
        /// Error of the system.
        error: io::Error,
    },
    /// The content of the file cannot be determined.
    #[error("{path}: {fault}")]
    Content {
        /// Path below the repository's folder.
        path: &'static str,
        /// Description of the fault.
        fault: String,
    },
}

/// A generated file.
#[derive(Debug, Clone)]
pub struct Written {
    /// Path below the repository's folder.
    pub path: String,
    /// Content.
    pub text: String,
    /// Content on disk; `None` if the file does not exist.
    before: Option<String>,
}

impl Written {
    /// True if the content on disk differs.
    pub fn is_stale(&self) -> bool {
        self.before.as_deref() != Some(&self.text)
    }
}

/// A repository's folder.
#[derive(Debug, Clone)]
pub struct Repository(PathBuf);

impl Repository {
    /// The repository in `folder`.
    pub fn at(folder: impl Into<PathBuf>) -> Self {
        Self(folder.into())
    }

    /// The repository that this binary was built in.
    pub fn built_in() -> Self {
        Self(Template::path().parent().map(Path::to_path_buf).unwrap_or_default())
    }

    /// The repository in `root`, or the one that this binary was built in, if it is there.
    pub fn find(root: Option<PathBuf>) -> Result<Self, WriteError> {
        let Self(folder) = root.map_or_else(Self::built_in, Self::at);
        let is_repository = folder.join("template.yaml").is_file() && folder.join("functions").is_dir();
        if is_repository { Ok(Self(folder)) } else { Err(WriteError::NoRepository(folder)) }
    }

    /// Its folder.
    pub fn folder(&self) -> &Path {
        &self.0
    }

    /// All generated files.
    pub fn files(&self) -> Result<Vec<Written>, WriteError> {
        let mut files = Vec::new();
        let template = self.derived("template.yaml", template::template)?;
        let fault = |fault: String| WriteError::Content { path: "template.yaml", fault };
        let stack = template::stack(&template.text).map_err(fault)?;
        let parsed = Template::parse(&template.text).map_err(|error| fault(error.to_string()))?;
        files.push(template);
        let router = watch::router(&stack);
        files.push(self.with_block("Cargo.toml", watch::ROUTER, router)?);
        files.push(self.whole(".env.example", watch::variables(&parsed).map_err(fault)?)?);
        files.push(self.whole("functions/web/assets/openapi.json", documents::openapi())?);
        files.push(self.whole("functions/web/assets/events.json", events::list())?);
        files.push(self.whole("docs/problems.md", documents::problems())?);
        files.push(self.whole("docs/routes.md", documents::routes())?);
        let groups = diagram::groups().into_iter().map(|group| Ok((group.clone(), self.about(&group)?)));
        let groups = groups.collect::<Result<Vec<_>, WriteError>>()?;
        files.push(self.whole("docs/stack.md", diagram::page(&stack, &groups))?);
        files.push(self.whole("docs/events.md", events::catalogue())?);
        for document in DomainEvent::DOCUMENTS {
            files.push(self.whole(events::schema_path(document.kind), events::schema(document))?);
            files.push(self.golden(document)?);
        }
        Ok(files)
    }

    /// Writes every stale file, and returns their names.
    pub fn write(&self) -> Result<Vec<String>, WriteError> {
        let mut written = Vec::new();
        for file in self.files()?.into_iter().filter(Written::is_stale) {
            let path = self.0.join(&file.path);
            let done =
                path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&path, &file.text));
            done.map_err(|error| WriteError::File { path, error })?;
            written.push(file.path);
        }
        Ok(written)
    }

    /// Description of a group: that of its crate.
    fn about(&self, group: &str) -> Result<String, WriteError> {
        let path = self.0.join(format!("functions/{group}/Cargo.toml"));
        let manifest = fs::read_to_string(&path).map_err(|error| WriteError::File { path, error })?;
        let mut lines = manifest.lines().filter_map(|line| line.strip_prefix("description = "));
        Ok(lines.next().unwrap_or_default().trim_matches('"').to_owned())
    }

    fn with_block(&self, path: &'static str, name: &str, text: String) -> Result<Written, WriteError> {
        self.derived(path, |before| blocks::fill(before, &BTreeMap::from([(name.to_owned(), text)])))
    }

    fn derived(
        &self,
        path: &'static str,
        derive: impl FnOnce(&str) -> Result<String, String>,
    ) -> Result<Written, WriteError> {
        let file = self.0.join(path);
        let before = fs::read_to_string(&file).map_err(|error| WriteError::File { path: file, error })?;
        let text = derive(&before).map_err(|fault| WriteError::Content { path, fault })?;
        Ok(Written { path: path.to_owned(), text, before: Some(before) })
    }

    /// The golden event of a type, which never changes.
    fn golden(&self, document: &EventDocument) -> Result<Written, WriteError> {
        let written = self.whole(events::example_path(document.kind), String::new())?;
        let text = match &written.before {
            Some(before) => before.clone(),
            None => events::golden(document)
                .map_err(|fault| WriteError::Content { path: "shared/src/bus/events.rs", fault })?,
        };
        Ok(Written { text, ..written })
    }

    fn whole(&self, path: impl Into<String>, text: String) -> Result<Written, WriteError> {
        let path = path.into();
        let file = self.0.join(&path);
        let before = match fs::read_to_string(&file) {
            Ok(before) => Some(before),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(WriteError::File { path: file, error }),
        };
        Ok(Written { path, text, before })
    }
}
