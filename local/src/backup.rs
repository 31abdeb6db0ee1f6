//! A copy of the data folder in one file. The platform may run: the table is copied as of
//! one moment, and the other files around it so that nothing is lost.
//!
//! A position in the stream that is older than the table repeats deliveries, which
//! consumers tolerate; a newer one would skip events. So the position, the dead letters
//! and the secrets, whose public keys the table has, are copied before the table. An email
//! that the table calls sent must be there: emails are copied after it.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use rusqlite::Connection;
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

use crate::data::{
    DEAD_LETTERS, DataError, LOCK, MAILS, PARAMETERS, STREAM_POSITION, TABLE, TABLE_DESCRIPTION, owners,
    owners_folder,
};

const BEFORE_THE_TABLE: [&str; 4] = [STREAM_POSITION, DEAD_LETTERS, PARAMETERS, TABLE_DESCRIPTION];
const AFTER_THE_TABLE: [&str; 1] = [MAILS];

/// Errors of a backup or its restoration.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The file exists.
    #[error("{0} exists\nhint: choose another file")]
    Exists(String),
    /// The folder has no data.
    #[error("{0} is not a data folder of Agora\nhint: set it with --data-dir")]
    NoData(String),
    /// The folder is in use or has data.
    #[error(
        "{0} is not empty\nhint: choose another folder with --data-dir, or remove this one's data with `agora reset`"
    )]
    NotEmpty(String),
    /// The file is not a backup.
    #[error("{0} is not a backup of Agora: {1}")]
    Unreadable(String, String),
    /// A file could not be read or written.
    #[error(transparent)]
    Data(#[from] DataError),
}

/// Copies the data folder into a new file, which only its owner may read.
pub fn backup(folder: &Path, file: &Path) -> Result<(), BackupError> {
    if file.exists() {
        return Err(BackupError::Exists(file.display().to_string()));
    }
    if !folder.join(LOCK).exists() || !folder.join(TABLE).exists() {
        return Err(BackupError::NoData(folder.display().to_string()));
    }
    let (new, table) = (beside(file, "new"), beside(file, "table"));
    let copied = write(folder, &new, &table).and_then(|()| fs::rename(&new, file));
    for unfinished in [&new, &table] {
        // Absent after a finished copy, or not made yet.
        let _ = fs::remove_file(unfinished);
    }
    Ok(copied.map_err(|error| DataError::new("write", file, error))?)
}

fn write(folder: &Path, new: &Path, table: &Path) -> io::Result<()> {
    let mut archive = ZipWriter::new(owners().create(true).truncate(true).write(true).open(new)?);
    for name in BEFORE_THE_TABLE {
        add(&mut archive, name, &folder.join(name))?;
    }
    // SQLite accepts an empty file, and keeps its permissions.
    owners().create(true).truncate(true).write(true).open(table)?;
    let connection = Connection::open(folder.join(TABLE)).map_err(io::Error::other)?;
    connection.execute("VACUUM INTO ?1", [table.to_string_lossy()]).map_err(io::Error::other)?;
    add(&mut archive, TABLE, table)?;
    for name in AFTER_THE_TABLE {
        add(&mut archive, name, &folder.join(name))?;
    }
    archive.finish()?.sync_all()
}

/// Adds a file, if it exists.
fn add(archive: &mut ZipWriter<File>, name: &str, path: &Path) -> io::Result<()> {
    let mut source = match File::open(path) {
        Ok(source) => source,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    archive.start_file(name, SimpleFileOptions::default().large_file(true))?;
    io::copy(&mut source, archive).map(drop)
}

/// Makes a data folder of a backup. The folder must not exist, or be empty.
pub fn restore(file: &Path, folder: &Path) -> Result<(), BackupError> {
    if fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(BackupError::NotEmpty(folder.display().to_string()));
    }
    let unreadable =
        |reason: &dyn ToString| BackupError::Unreadable(file.display().to_string(), reason.to_string());
    let source = File::open(file).map_err(|error| DataError::new("read", file, error))?;
    let mut archive = ZipArchive::new(source).map_err(|error| unreadable(&error))?;
    if archive.index_for_name(TABLE).is_none() {
        return Err(unreadable(&"it has no table"));
    }
    let new = beside(folder, "new");
    let extracted = extract(&mut archive, &new).and_then(|()| {
        // An empty folder gives its place; the absence of one is no error.
        let _ = fs::remove_dir(folder);
        fs::rename(&new, folder)
    });
    if extracted.is_err() {
        // Absent if it could not be made.
        let _ = fs::remove_dir_all(&new);
    }
    Ok(extracted.map_err(|error| DataError::new("write", folder, error))?)
}

fn extract(archive: &mut ZipArchive<File>, folder: &Path) -> io::Result<()> {
    owners_folder(folder)?;
    for name in BEFORE_THE_TABLE.into_iter().chain([TABLE]).chain(AFTER_THE_TABLE) {
        let Some(index) = archive.index_for_name(name) else { continue };
        let mut target = owners().create(true).truncate(true).write(true).open(folder.join(name))?;
        io::copy(&mut archive.by_index(index)?, &mut target)?;
        target.sync_all()?;
    }
    // The mark of a data folder.
    owners().create(true).append(true).open(folder.join(LOCK)).map(drop)
}

/// The path with a further extension.
fn beside(path: &Path, extension: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{extension}"));
    name.into()
}
