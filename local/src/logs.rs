//! Log files in the data folder: `logs/info.jsonl` has every canonical line,
//! `logs/error.jsonl` those of level `error`. A full file becomes `info.1.jsonl`, and the
//! oldest is removed, so the folder does not grow without end.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::PathBuf,
    sync::{Mutex, PoisonError},
};

use shared::telemetry::Line;

use crate::data::{LOGS, owners, owners_folder};

/// Maximum size of a file.
const BYTES: u64 = 5 * 1024 * 1024;

/// Number of files of a level, with the current one.
const FILES: u32 = 4;

/// Files of a data folder, made with their first line: the folder may not exist yet.
pub struct Logs {
    info: Mutex<Rotated>,
    error: Mutex<Rotated>,
}

impl Logs {
    /// Log files of the data folder at `path`.
    pub fn of(path: impl Into<PathBuf>) -> Self {
        let folder = path.into().join(LOGS);
        let file = |level| Mutex::new(Rotated { folder: folder.clone(), level, current: None });
        Self { info: file("info"), error: file("error") }
    }

    /// Appends a line. A full disk stops no request.
    pub fn append(&self, line: &Line) {
        let Ok(text) = line.to_json() else { return };
        let is_error = line.level == "error";
        for file in [&self.info].into_iter().chain(is_error.then_some(&self.error)) {
            let _ = file.lock().unwrap_or_else(PoisonError::into_inner).append(&text);
        }
    }
}

/// A file that begins again when it is full.
struct Rotated {
    folder: PathBuf,
    level: &'static str,
    current: Option<(File, u64)>,
}

impl Rotated {
    fn append(&mut self, text: &str) -> io::Result<()> {
        let line = format!("{text}\n");
        let length = line.len() as u64;
        if self.current.as_ref().is_some_and(|(_, size)| size + length > BYTES) {
            self.rotate()?;
        }
        let (mut file, size) = match self.current.take() {
            Some(current) => current,
            None => self.open()?,
        };
        file.write_all(line.as_bytes())?;
        self.current = Some((file, size + length));
        Ok(())
    }

    fn open(&self) -> io::Result<(File, u64)> {
        owners_folder(&self.folder)?;
        let file = owners().create(true).append(true).open(self.path(0))?;
        let size = file.metadata()?.len();
        Ok((file, size))
    }

    fn rotate(&mut self) -> io::Result<()> {
        self.current = None;
        for number in (0..FILES - 1).rev() {
            match fs::rename(self.path(number), self.path(number + 1)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                Ok(()) | Err(_) => {}
            }
        }
        Ok(())
    }

    fn path(&self, number: u32) -> PathBuf {
        let number = if number == 0 { String::new() } else { format!(".{number}") };
        self.folder.join(format!("{}{number}.jsonl", self.level))
    }
}
