//! Fields that the documents of an index have.

/// Fields of the documents of an index. A snapshot names its fields, so that a later release
/// may add, remove and reorder them: an added field is empty in documents from before.
#[derive(Debug, Clone, Copy)]
pub struct Schema {
    pub(super) texts: &'static [TextField],
    pub(super) terms: &'static [&'static str],
}

/// Text field.
#[derive(Debug, Clone, Copy)]
pub struct TextField {
    /// Name in [`Document::texts`](super::Document::texts).
    pub name: &'static str,
    /// Weight of a word of this field in the score of a document.
    pub weight: u16,
}

/// Maximum number of text fields: one bit each in a posting.
const MAX_TEXTS: usize = 8;

/// Maximum number of term fields: one ASCII character each in front of a term.
const MAX_TERMS: usize = 128;

impl Schema {
    /// Makes a schema of text fields, of which the first is the title, and of the names of the
    /// term fields.
    ///
    /// # Panics
    ///
    /// There are at most 8 text fields and 128 term fields. In a constant, more do not compile.
    pub const fn new(texts: &'static [TextField], terms: &'static [&'static str]) -> Self {
        assert!(texts.len() <= MAX_TEXTS && terms.len() <= MAX_TERMS, "too many fields");
        Self { texts, terms }
    }

    /// The number of a term field.
    pub(super) fn term_field(&self, name: &str) -> Option<u8> {
        self.terms.iter().position(|field| *field == name).and_then(|field| u8::try_from(field).ok())
    }

    /// The bit of a text field in a posting.
    pub(super) fn text_bit(&self, name: &str) -> Option<u8> {
        self.texts.iter().position(|field| field.name == name).map(|field| 1 << field)
    }

    /// The sum of the weights of the fields of each mask.
    pub(super) fn weights(&self) -> [u32; 256] {
        std::array::from_fn(|mask| {
            let fields = self.texts.iter().enumerate().filter(|(field, _)| mask >> field & 1 == 1);
            fields.map(|(_, field)| u32::from(field.weight)).sum()
        })
    }
}
