//! Blocks of a file that are generated from the code. Each is enclosed by two comments,
//! `# <name>:begin …` and `# <name>:end` (in Markdown `<!-- <name>:begin … -->`); the
//! rest of the file is written by hand.

use std::collections::BTreeMap;

/// A line of a file that marks a block.
enum Mark<'a> {
    Begin(&'a str),
    End(&'a str),
}

impl<'a> Mark<'a> {
    fn of(line: &'a str) -> Option<Self> {
        let line = line.trim();
        let line = line.strip_prefix("# ").or_else(|| line.strip_prefix("<!-- "))?;
        let word = line.split([' ', ',']).next()?;
        match word.rsplit_once(':')? {
            (name, "begin") => Some(Self::Begin(name)),
            (name, "end") => Some(Self::End(name)),
            _ => None,
        }
    }
}

/// `text` with `blocks` filled in. Every block must have its position, and every
/// position a block.
pub(super) fn fill(text: &str, blocks: &BTreeMap<String, String>) -> Result<String, String> {
    let mut missing: Vec<&String> = blocks.keys().collect();
    let filled = replace(text, |name| {
        missing.retain(|other| *other != name);
        blocks.get(name).cloned().ok_or_else(|| format!("nothing is written into the block `{name}`"))
    })?;
    match missing.first() {
        None => Ok(filled),
        Some(name) => {
            Err(format!("has no block `{name}`\nhint: add the lines `{name}:begin` and `{name}:end`"))
        }
    }
}

/// `text` without its blocks: the handwritten part.
pub(super) fn strip(text: &str) -> Result<String, String> {
    replace(text, |_| Ok(String::new()))
}

fn replace(text: &str, mut by: impl FnMut(&str) -> Result<String, String>) -> Result<String, String> {
    let mut replaced = String::with_capacity(text.len());
    let mut open: Option<&str> = None;
    for line in text.split_inclusive('\n') {
        match (Mark::of(line), open) {
            (Some(Mark::Begin(name)), None) => {
                replaced.push_str(line);
                replaced.push_str(&by(name)?);
                open = Some(name);
            }
            (Some(Mark::End(name)), Some(begun)) if name == begun => {
                replaced.push_str(line);
                open = None;
            }
            (Some(Mark::Begin(name) | Mark::End(name)), _) => {
                return Err(format!("the block `{name}` begins or ends where it must not"));
            }
            (None, None) => replaced.push_str(line),
            (None, Some(_)) => {}
        }
    }
    match open {
        None => Ok(replaced),
        Some(name) => Err(format!("the block `{name}` has no end")),
    }
}
