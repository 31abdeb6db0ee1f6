//! Files that are served from inside the binary, as `build.rs` has packed them.

use std::io::{self, Read};

use axum::body::Bytes;
use crc32fast::Hasher;
use flate2::read::{DeflateDecoder, GzDecoder};

/// A file.
#[derive(Debug)]
pub(crate) struct Asset {
    /// Path of its URL.
    pub(crate) path: &'static str,
    /// Media type.
    pub(crate) content_type: &'static str,
    /// Hash of the packed content.
    tag: &'static str,
    packed: Packed,
}

/// A file's packed content.
#[derive(Debug)]
enum Packed {
    /// All of it, by gzip.
    Whole(&'static [u8]),
    /// An OpenAPI document after its first member, by deflate, with the checksum and
    /// the length of the text.
    Rest { bytes: &'static [u8], checksum: u32, length: u32 },
}

/// A file as one client gets it.
pub(crate) struct Content {
    pub(crate) bytes: Bytes,
    /// Opaque part of its `ETag`.
    pub(crate) tag: String,
}

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

impl Asset {
    /// The file at a path; else the page whose name in braces stands for the path's last
    /// part: `/events/{slug}`. Names with a dot are those of files.
    pub(crate) fn find(path: &str) -> Option<&'static Self> {
        ASSETS.iter().find(|asset| asset.path == path).or_else(|| {
            let (folder, name) = path.rsplit_once('/')?;
            let named = |asset: &&Self| {
                asset.path.rsplit_once('/').is_some_and(|(of, it)| of == folder && it.starts_with('{'))
            };
            (!name.is_empty() && !name.contains('.')).then(|| ASSETS.iter().find(named))?
        })
    }

    /// An OpenAPI document.
    pub(crate) fn is_document(&self) -> bool {
        matches!(self.packed, Packed::Rest { .. })
    }

    /// The content packed by gzip; `head` begins an OpenAPI document.
    pub(crate) fn packed(&self, head: &str) -> io::Result<Content> {
        let (bytes, tag) = match self.packed {
            Packed::Whole(bytes) => (Bytes::from_static(bytes), self.tag.to_owned()),
            Packed::Rest { bytes, checksum, length } => {
                (joined(head.as_bytes(), bytes, checksum, length)?.into(), self.tag_after(head))
            }
        };
        // Each coding is a representation of its own (RFC 9110, 8.8.3.3).
        Ok(Content { bytes, tag: format!("{tag}-gzip") })
    }

    /// The content as it is.
    pub(crate) fn unpacked(&self, head: &str) -> io::Result<Content> {
        let mut bytes = Vec::new();
        let tag = match self.packed {
            Packed::Whole(packed) => {
                GzDecoder::new(packed).read_to_end(&mut bytes)?;
                self.tag.to_owned()
            }
            Packed::Rest { bytes: packed, .. } => {
                bytes.extend_from_slice(head.as_bytes());
                DeflateDecoder::new(packed).read_to_end(&mut bytes)?;
                self.tag_after(head)
            }
        };
        Ok(Content { bytes: bytes.into(), tag })
    }

    fn tag_after(&self, head: &str) -> String {
        format!("{}{:08x}", self.tag, crc32fast::hash(head.as_bytes()))
    }
}

/// A gzip file (RFC 1952) of `head`, in a stored block (RFC 1951, 3.2.4), and of a
/// text that is packed already.
fn joined(head: &[u8], rest: &[u8], checksum: u32, length: u32) -> io::Result<Vec<u8>> {
    let head_length = u16::try_from(head.len()).map_err(io::Error::other)?;
    let mut hasher = Hasher::new_with_initial_len(crc32fast::hash(head), head.len() as u64);
    hasher.combine(&Hasher::new_with_initial_len(checksum, length.into()));
    // Deflate, no name, no time, no system.
    let mut file = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    file.push(0);
    file.extend(head_length.to_le_bytes());
    file.extend((!head_length).to_le_bytes());
    file.extend(head);
    file.extend(rest);
    file.extend(hasher.finalize().to_le_bytes());
    file.extend((u32::from(head_length) + length).to_le_bytes());
    Ok(file)
}
