//! The data folder: what is in it, and that one platform uses it at a time. It holds
//! secrets, hashes and addresses, so only its owner may read it.
//!
//! | file | holds |
//! |---|---|
//! | `agora.lock` | the port of the platform that uses the folder; whoever has it locked does |
//! | `table.sqlite` | the table with its indexes and stream |
//! | `table.json` | what the table was made from |
//! | `parameters.json` | SSM's parameters |
//! | `mails.jsonl` | the mails that were sent, a line each |
//! | `dead-letters.json` | the messages that were set aside |
//! | `stream-position.json` | how far each function has read the stream |
//! | `operator-token.json` | what the `agora` command shows to the running platform |

use std::{
    collections::BTreeMap,
    fmt,
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Write as _},
    path::{Path, PathBuf},
    sync::Arc,
};

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

const LOCK: &str = "agora.lock";
const TABLE: &str = "table.sqlite";
const TABLE_DESCRIPTION: &str = "table.json";
pub(crate) const PARAMETERS: &str = "parameters.json";
pub(crate) const MAILS: &str = "mails.jsonl";
pub(crate) const DEAD_LETTERS: &str = "dead-letters.json";
const STREAM_POSITION: &str = "stream-position.json";
const OPERATOR_TOKEN: &str = "operator-token.json";

/// Everything that may be in the folder but the lock; SQLite keeps two files
/// beside its own.
const FILES: [&str; 9] = [
    TABLE,
    "table.sqlite-wal",
    "table.sqlite-shm",
    TABLE_DESCRIPTION,
    PARAMETERS,
    MAILS,
    DEAD_LETTERS,
    STREAM_POSITION,
    OPERATOR_TOKEN,
];

/// A data folder that this process has to itself. Clones share the lock, which
/// the system takes back when the process ends, however it ends.
#[derive(Debug, Clone)]
pub struct Folder {
    path: PathBuf,
    lock: Arc<File>,
}

/// Why the data folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    /// Another process has it.
    #[error(
        "the data folder {path} is in use by another platform\n\
         hint: stop that one, or choose another folder with --data-dir, or keep nothing with --memory"
    )]
    InUse {
        /// The folder.
        path: String,
        /// Where that platform listens, if it does.
        port: Option<u16>,
    },
    /// It holds something else.
    #[error("{0} is not empty and not a data folder of Agora\nhint: choose another folder with --data-dir")]
    NotOurs(String),
    /// Something in it could not be read or written.
    #[error(
        "cannot {action} {path}: {reason}\nhint: check the folder's owner and mode, or choose another with --data-dir"
    )]
    Io {
        /// What was tried: `read`.
        action: &'static str,
        /// With which file.
        path: String,
        /// What came of it.
        reason: String,
    },
}

impl DataError {
    pub(crate) fn new(action: &'static str, path: &Path, reason: impl fmt::Display) -> Self {
        Self::Io { action, path: path.display().to_string(), reason: reason.to_string() }
    }
}

impl Folder {
    /// Opens the folder at `path`, made if there is none.
    pub fn open(path: &Path) -> Result<Self, DataError> {
        fs::create_dir_all(path).map_err(|error| DataError::new("make", path, error))?;
        let lock_path = path.join(LOCK);
        let entries = fs::read_dir(path).map_err(|error| DataError::new("read", path, error))?;
        if !lock_path.exists() && entries.count() > 0 {
            return Err(DataError::NotOurs(path.display().to_string()));
        }
        keep_for_owner(path).map_err(|error| DataError::new("restrict", path, error))?;
        let lock = owners().create(true).append(true).open(&lock_path);
        let lock = lock.map_err(|error| DataError::new("write", &lock_path, error))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let port = fs::read_to_string(&lock_path).ok().and_then(|port| port.parse().ok());
                return Err(DataError::InUse { path: path.display().to_string(), port });
            }
            Err(TryLockError::Error(error)) => return Err(DataError::new("lock", &lock_path, error)),
        }
        // The port of the last one, which is not there any more.
        lock.set_len(0).map_err(|error| DataError::new("write", &lock_path, error))?;
        // SQLite makes its files as readable as this one is.
        let table = path.join(TABLE);
        let made = owners().create(true).append(true).open(&table);
        made.map_err(|error| DataError::new("make", &table, error))?;
        Ok(Self { path: path.to_owned(), lock: Arc::new(lock) })
    }

    /// Tells whoever finds the folder in use where its platform listens.
    pub(crate) fn announce(&self, port: u16) -> Result<(), DataError> {
        let written = (&*self.lock).write_all(port.to_string().as_bytes());
        written.map_err(|error| DataError::new("write", &self.path.join(LOCK), error))
    }

    /// Removes what is in the folder. What is not Agora's stays, and the
    /// folder with it.
    pub fn reset(self) -> Result<(), DataError> {
        let unfinished = FILES.iter().map(|name| format!("{name}.new"));
        let files = FILES.iter().copied().map(str::to_owned).chain(unfinished);
        for name in files.chain([LOCK.to_owned()]) {
            let file = self.path.join(name);
            match fs::remove_file(&file) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(DataError::new("remove", &file, error));
                }
                Ok(()) | Err(_) => {}
            }
        }
        match fs::remove_dir(&self.path) {
            Err(error) if error.kind() != io::ErrorKind::DirectoryNotEmpty => {
                Err(DataError::new("remove", &self.path, error))
            }
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn table(&self) -> PathBuf {
        self.path.join(TABLE)
    }

    pub(crate) fn table_description(&self) -> Result<Option<Value>, DataError> {
        self.read(TABLE_DESCRIPTION)
    }

    pub(crate) fn save_table_description(&self, description: &Value) -> Result<(), DataError> {
        self.save(TABLE_DESCRIPTION, description)
    }

    pub(crate) fn stream_positions(&self) -> Result<BTreeMap<String, i64>, DataError> {
        Ok(self.read(STREAM_POSITION)?.unwrap_or_default())
    }

    pub(crate) fn save_stream_positions(&self, positions: &BTreeMap<String, i64>) -> Result<(), DataError> {
        self.save(STREAM_POSITION, positions)
    }

    /// Keeps what the `agora` command of another process has to show.
    pub(crate) fn save_operator_token(&self, token: &str) -> Result<(), DataError> {
        self.save(OPERATOR_TOKEN, token)
    }

    /// The lines of a file, the first first. A last line that a kill cut short never
    /// was one that anybody was told of: it is cut off.
    pub(crate) fn lines<T: DeserializeOwned>(&self, name: &str) -> Result<Vec<T>, DataError> {
        let path = self.path.join(name);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(DataError::new("read", &path, error)),
        };
        let whole = text.rfind('\n').map_or(0, |end| end + 1);
        if whole < text.len() {
            let cut = OpenOptions::new().write(true).open(&path).and_then(|file| file.set_len(whole as u64));
            cut.map_err(|error| DataError::new("write", &path, error))?;
        }
        text[..whole]
            .lines()
            .map(|line| serde_json::from_str(line).map_err(|error| DataError::new("read", &path, error)))
            .collect()
    }

    /// Adds a line. It is with the system when this returns, so it outlives the
    /// process.
    pub(crate) fn append<T: Serialize>(&self, name: &str, value: &T) -> Result<(), DataError> {
        let path = self.path.join(name);
        let mut line = serde_json::to_vec(value).map_err(|error| DataError::new("write", &path, error))?;
        line.push(b'\n');
        let file = owners().create(true).append(true).open(&path);
        file.and_then(|mut file| file.write_all(&line)).map_err(|error| DataError::new("write", &path, error))
    }

    /// What a file holds; `None` where there is none.
    pub(crate) fn read<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, DataError> {
        let path = self.path.join(name);
        match fs::read(&path) {
            Ok(text) => {
                serde_json::from_slice(&text).map(Some).map_err(|error| DataError::new("read", &path, error))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(DataError::new("read", &path, error)),
        }
    }

    /// Replaces a file whole: a kill leaves the old one or the new one.
    pub(crate) fn save<T: Serialize + ?Sized>(&self, name: &str, value: &T) -> Result<(), DataError> {
        let path = self.path.join(name);
        let new = self.path.join(format!("{name}.new"));
        let replace = || {
            let mut file = owners().create(true).write(true).truncate(true).open(&new)?;
            file.write_all(&serde_json::to_vec_pretty(value)?)?;
            file.sync_data()?;
            fs::rename(&new, &path)
        };
        replace().map_err(|error| DataError::new("write", &path, error))
    }
}

/// The token of the platform that uses the folder at `path`, if there is one.
pub fn operator_token(path: &Path) -> Option<String> {
    serde_json::from_slice(&fs::read(path.join(OPERATOR_TOKEN)).ok()?).ok()
}

/// Options that open a file for its owner only.
fn owners() -> OpenOptions {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "modes are for Unix"))]
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Takes the folder, and what an earlier release has left in it, from all others.
fn keep_for_owner(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(path, fs::Permissions::from_mode(0o700))?;
        for name in FILES.iter().copied().chain([LOCK]) {
            match fs::set_permissions(path.join(name), fs::Permissions::from_mode(0o600)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                Ok(()) | Err(_) => {}
            }
        }
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}
