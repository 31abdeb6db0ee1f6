//! The data folder: its files, and the lock by which one platform uses it at a time. It
//! holds secrets, hashes and addresses, so only its owner may read it.
//!
//! | file | content |
//! |---|---|
//! | `agora.lock` | the port of the platform that has it locked |
//! | `table.sqlite` | the table with its indexes and stream |
//! | `table.json` | the table's definition |
//! | `parameters.json` | SSM's parameters |
//! | `mails.jsonl` | the sent emails, a line each |
//! | `dead-letters.json` | the dead letters |
//! | `stream-position.json` | position of each function in the stream |
//! | `operator-token.json` | token of the `agora` command for the running platform |
//! | `logs` | log files ([`crate::logs`]) |

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

pub(crate) const LOCK: &str = "agora.lock";
pub(crate) const TABLE: &str = "table.sqlite";
const WRITE_AHEAD_LOG: &str = "table.sqlite-wal";
pub(crate) const TABLE_DESCRIPTION: &str = "table.json";
pub(crate) const PARAMETERS: &str = "parameters.json";
pub(crate) const MAILS: &str = "mails.jsonl";
pub(crate) const DEAD_LETTERS: &str = "dead-letters.json";
pub(crate) const STREAM_POSITION: &str = "stream-position.json";
pub(crate) const LOGS: &str = "logs";
const OPERATOR_TOKEN: &str = "operator-token.json";

/// All files of the folder except the lock and the logs; SQLite keeps two more next to its own.
const FILES: [&str; 9] = [
    TABLE,
    WRITE_AHEAD_LOG,
    "table.sqlite-shm",
    TABLE_DESCRIPTION,
    PARAMETERS,
    MAILS,
    DEAD_LETTERS,
    STREAM_POSITION,
    OPERATOR_TOKEN,
];

/// A data folder locked by this process. Clones share the lock, which the system
/// releases when the process ends in any way.
#[derive(Debug, Clone)]
pub struct Folder {
    path: PathBuf,
    lock: Arc<File>,
}

/// Errors of using the data folder.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    /// Another process has locked it.
    #[error(
        "the data folder {path} is in use by another platform\n\
         hint: stop it, choose another folder with --data-dir, or use --memory"
    )]
    InUse {
        /// Path of the folder.
        path: String,
        /// Port of that platform, if it listens.
        port: Option<u16>,
    },
    /// The folder is not a data folder.
    #[error(
        "{0} is not empty and is not a data folder of Agora\nhint: choose another folder with --data-dir"
    )]
    NotOurs(String),
    /// A file of it could not be read or written.
    #[error(
        "cannot {action} {path}: {reason}\nhint: check the folder's owner and permissions, or choose another with --data-dir"
    )]
    Io {
        /// The attempted action: `read`.
        action: &'static str,
        /// Path of the file.
        path: String,
        /// Cause.
        reason: String,
    },
}

impl DataError {
    pub(crate) fn new(action: &'static str, path: &Path, reason: impl fmt::Display) -> Self {
        Self::Io { action, path: path.display().to_string(), reason: reason.to_string() }
    }
}

impl Folder {
    /// Opens the folder at `path`; creates it if it does not exist.
    pub fn open(path: &Path) -> Result<Self, DataError> {
        fs::create_dir_all(path).map_err(|error| DataError::new("make", path, error))?;
        let lock_path = path.join(LOCK);
        // A volume for the logs alone is mounted before the first start.
        let mut entries = fs::read_dir(path).map_err(|error| DataError::new("read", path, error))?;
        let is_foreign = |entry: io::Result<fs::DirEntry>| entry.is_ok_and(|it| it.file_name() != LOGS);
        if !lock_path.exists() && entries.any(is_foreign) {
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
        // The port of the previous platform, which no longer runs.
        lock.set_len(0).map_err(|error| DataError::new("write", &lock_path, error))?;
        // SQLite gives its files the permissions of this one.
        let table = path.join(TABLE);
        let made = owners().create(true).append(true).open(&table);
        made.map_err(|error| DataError::new("make", &table, error))?;
        Ok(Self { path: path.to_owned(), lock: Arc::new(lock) })
    }

    /// Announces the platform's port to other processes.
    pub(crate) fn announce(&self, port: u16) -> Result<(), DataError> {
        let written = (&*self.lock).write_all(port.to_string().as_bytes());
        written.map_err(|error| DataError::new("write", &self.path.join(LOCK), error))
    }

    /// Removes the files of the folder. Foreign files stay, and the folder with them.
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
        let logs = self.path.join(LOGS);
        match fs::remove_dir_all(&logs) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(DataError::new("remove", &logs, error));
            }
            Ok(()) | Err(_) => {}
        }
        match fs::remove_dir(&self.path) {
            Err(error) if error.kind() != io::ErrorKind::DirectoryNotEmpty => {
                Err(DataError::new("remove", &self.path, error))
            }
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Path of the folder.
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

    /// Saves the token that an `agora` command of another process must send.
    pub(crate) fn save_operator_token(&self, token: &str) -> Result<(), DataError> {
        self.save(OPERATOR_TOKEN, token)
    }

    /// The lines of a file in order. A last line that a kill cut short was never
    /// acknowledged: it is removed.
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

    /// Appends a line. It has reached the system when this returns, so it survives the
    /// process.
    pub(crate) fn append<T: Serialize>(&self, name: &str, value: &T) -> Result<(), DataError> {
        let path = self.path.join(name);
        let mut line = serde_json::to_vec(value).map_err(|error| DataError::new("write", &path, error))?;
        line.push(b'\n');
        let file = owners().create(true).append(true).open(&path);
        file.and_then(|mut file| file.write_all(&line)).map_err(|error| DataError::new("write", &path, error))
    }

    /// Content of a file; `None` if it does not exist.
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

    /// Replaces a file as a whole: a kill leaves the old one or the new one.
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

/// SQLite's write-ahead log of the file `table`.
pub(crate) fn write_ahead_log(table: &Path) -> PathBuf {
    table.with_file_name(WRITE_AHEAD_LOG)
}

/// Token of the platform that uses the folder at `path`, if there is one.
pub fn operator_token(path: &Path) -> Option<String> {
    serde_json::from_slice(&fs::read(path.join(OPERATOR_TOKEN)).ok()?).ok()
}

/// Options for a file with permissions for its owner only.
pub(crate) fn owners() -> OpenOptions {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "modes are for Unix"))]
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Makes a folder that only its owner may read, if there is none.
pub(crate) fn owners_folder(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path)?;
    #[cfg(unix)]
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
    Ok(())
}

/// Restricts the folder, and the files of an earlier release, to the owner.
fn keep_for_owner(path: &Path) -> io::Result<()> {
    owners_folder(path)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        for name in FILES.iter().copied().chain([LOCK]) {
            match fs::set_permissions(path.join(name), fs::Permissions::from_mode(0o600)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                Ok(()) | Err(_) => {}
            }
        }
    }
    Ok(())
}
