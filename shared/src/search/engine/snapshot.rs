//! Bytes of an index.
//!
//! A snapshot is one text of bytes, cut into chunks. Each chunk begins with the number of the
//! format, its own number, the number of chunks, and the checksum of the text. The text has
//! the number of the analysis, the names of the fields, the tombstones, and the documents in
//! segments of [`SEGMENT`] by id. Equal contents give equal bytes.

use super::{
    Schema,
    codec::{Input, Output},
};
use crate::search::analysis;

/// Number of the format.
const FORMAT: u8 = 1;

/// Maximum bytes of a chunk.
const CHUNK: usize = 300_000;

/// Bytes in front of a chunk's part of the text.
const HEAD: usize = 1 + 4 + 4 + 8;

/// Documents of a segment in a snapshot. With half of it a document takes 100 bytes more, as
/// more segments have the same words.
pub(super) const SEGMENT: usize = 8192;

/// Fault of a snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RestoreError {
    /// The format is of another release.
    #[error("the snapshot has format {0}, and this release reads format {FORMAT}")]
    Format(u8),
    /// Chunks are missing, of different snapshots, or not as they were written.
    #[error("the snapshot is incomplete or corrupt")]
    Corrupt,
}

/// Fields of this schema for those of a snapshot, if they differ.
#[derive(Debug)]
pub(super) struct Fields {
    /// The bits of this schema for each mask of text fields.
    pub(super) texts: Option<Box<[u8; 256]>>,
    /// The number of each term field.
    pub(super) terms: Option<Vec<Option<u8>>>,
    /// True if the keys of forms are of this analysis.
    pub(super) keys_fit: bool,
}

impl Fields {
    pub(super) fn write(schema: &Schema, output: &mut Output) {
        output.number(analysis::VERSION.into());
        output.length(schema.texts.len());
        schema.texts.iter().for_each(|field| output.text(field.name));
        output.length(schema.terms.len());
        schema.terms.iter().for_each(|field| output.text(field));
    }

    pub(super) fn read(schema: &Schema, input: &mut Input) -> Result<Self, RestoreError> {
        let keys_fit = input.number()? == u64::from(analysis::VERSION);
        let mut names = || (0..input.length()?).map(|_| input.text()).collect::<Result<Vec<_>, _>>();
        let (texts, terms) = (names()?, names()?);
        let same_texts = schema.texts.iter().map(|field| field.name).eq(texts.iter().copied());
        let same_terms = schema.terms.iter().copied().eq(terms.iter().copied());
        let bits: Vec<u8> = texts.iter().map(|name| schema.text_bit(name).unwrap_or_default()).collect();
        let mask = |before: usize| {
            let bits = bits.iter().enumerate().filter(|(field, _)| *field < 8 && before >> field & 1 == 1);
            bits.fold(0, |mask, (_, bit)| mask | bit)
        };
        Ok(Self {
            texts: (!same_texts).then(|| Box::new(std::array::from_fn(mask))),
            terms: (!same_terms).then(|| terms.iter().map(|name| schema.term_field(name)).collect()),
            keys_fit,
        })
    }
}

/// Cuts a text into chunks.
pub(super) fn chunks(text: &[u8]) -> Vec<Vec<u8>> {
    let parts: Vec<&[u8]> = text.chunks(CHUNK - HEAD).collect();
    let (count, checksum) = (super::strings::ordinal(parts.len()), checksum(text));
    let chunk = |(number, part): (u32, &&[u8])| {
        let mut chunk = Vec::with_capacity(HEAD + part.len());
        chunk.push(FORMAT);
        chunk.extend_from_slice(&number.to_le_bytes());
        chunk.extend_from_slice(&count.to_le_bytes());
        chunk.extend_from_slice(&checksum.to_le_bytes());
        chunk.extend_from_slice(part);
        chunk
    };
    (0_u32..).zip(&parts).map(chunk).collect()
}

/// Joins the chunks of a text.
pub(super) fn joined(chunks: &[impl AsRef<[u8]>]) -> Result<Vec<u8>, RestoreError> {
    let mut text = Vec::with_capacity(chunks.iter().map(|chunk| chunk.as_ref().len()).sum());
    let count = u32::try_from(chunks.len()).map_err(|_| RestoreError::Corrupt)?;
    let mut expected = None;
    for (number, chunk) in (0_u32..).zip(chunks) {
        let (format, rest) = chunk.as_ref().split_first().ok_or(RestoreError::Corrupt)?;
        if *format != FORMAT {
            return Err(RestoreError::Format(*format));
        }
        let head = rest.split_first_chunk::<4>().and_then(|(number, rest)| {
            let (count, rest) = rest.split_first_chunk::<4>()?;
            let (checksum, rest) = rest.split_first_chunk::<8>()?;
            Some((
                u32::from_le_bytes(*number),
                u32::from_le_bytes(*count),
                u64::from_le_bytes(*checksum),
                rest,
            ))
        });
        let (its_number, its_count, its_checksum, part) = head.ok_or(RestoreError::Corrupt)?;
        if (its_number, its_count) != (number, count) || *expected.get_or_insert(its_checksum) != its_checksum
        {
            return Err(RestoreError::Corrupt);
        }
        text.extend_from_slice(part);
    }
    if expected == Some(checksum(&text)) { Ok(text) } else { Err(RestoreError::Corrupt) }
}

/// Checksum of a text. Each step is a bijection of what it had and of eight bytes, so a
/// change within eight bytes always shows. Not against intent.
fn checksum(text: &[u8]) -> u64 {
    let (words, rest) = text.as_chunks::<8>();
    let mut last = [0; 8];
    last.iter_mut().zip(rest).for_each(|(byte, rest)| *byte = *rest);
    let words = words.iter().chain([&last]).map(|word| u64::from_le_bytes(*word));
    words.fold(text.len() as u64, |sum, word| {
        ((sum ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15)).rotate_left(29)
    })
}
