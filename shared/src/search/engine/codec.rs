//! Numbers and strings in a snapshot. Reading checks every length before it allocates: a
//! snapshot takes memory in proportion to its bytes, whatever it has.

use super::RestoreError;

/// Bytes that are written.
#[derive(Debug, Default)]
pub(super) struct Output(pub(super) Vec<u8>);

impl Output {
    pub(super) fn byte(&mut self, byte: u8) {
        self.0.push(byte);
    }

    /// Writes 7 bits a byte, the lowest first.
    #[expect(clippy::cast_possible_truncation, reason = "the lowest bits")]
    pub(super) fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.0.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.0.push(number as u8);
    }

    pub(super) fn length(&mut self, length: usize) {
        self.number(length as u64);
    }

    /// Writes a signed number: small ones of both signs take few bytes.
    pub(super) fn signed(&mut self, number: i64) {
        self.number(((number << 1) ^ (number >> 63)).cast_unsigned());
    }

    pub(super) fn text(&mut self, text: &str) {
        self.length(text.len());
        self.0.extend_from_slice(text.as_bytes());
    }
}

/// Bytes that are read.
#[derive(Debug)]
pub(super) struct Input<'a>(pub(super) &'a [u8]);

impl<'a> Input<'a> {
    #[inline]
    pub(super) fn byte(&mut self) -> Result<u8, RestoreError> {
        let (byte, rest) = self.0.split_first().ok_or(RestoreError::Corrupt)?;
        self.0 = rest;
        Ok(*byte)
    }

    #[inline]
    pub(super) fn number(&mut self) -> Result<u64, RestoreError> {
        match self.0 {
            [byte, rest @ ..] if *byte < 0x80 => {
                self.0 = rest;
                Ok(u64::from(*byte))
            }
            [low, high, rest @ ..] if *high < 0x80 => {
                self.0 = rest;
                Ok(u64::from(low & 0x7f) | u64::from(*high) << 7)
            }
            _ => self.long_number(),
        }
    }

    fn long_number(&mut self) -> Result<u64, RestoreError> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if bits << shift >> shift != bits {
                return Err(RestoreError::Corrupt);
            }
            number |= bits << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(RestoreError::Corrupt)
    }

    #[inline]
    pub(super) fn small(&mut self) -> Result<u32, RestoreError> {
        u32::try_from(self.number()?).map_err(|_| RestoreError::Corrupt)
    }

    /// Reads a number below `bound`.
    #[inline]
    pub(super) fn below(&mut self, bound: usize) -> Result<u32, RestoreError> {
        self.small().and_then(|it| if (it as usize) < bound { Ok(it) } else { Err(RestoreError::Corrupt) })
    }

    #[inline]
    pub(super) fn signed(&mut self) -> Result<i64, RestoreError> {
        self.number().map(|it| (it >> 1).cast_signed() ^ -(it & 1).cast_signed())
    }

    /// Reads the number of elements that follow, of at least a byte each.
    #[inline]
    pub(super) fn length(&mut self) -> Result<usize, RestoreError> {
        let length = usize::try_from(self.number()?).map_err(|_| RestoreError::Corrupt)?;
        if length <= self.0.len() { Ok(length) } else { Err(RestoreError::Corrupt) }
    }

    #[inline]
    pub(super) fn bytes(&mut self, length: usize) -> Result<&'a [u8], RestoreError> {
        let (bytes, rest) = self.0.split_at_checked(length).ok_or(RestoreError::Corrupt)?;
        self.0 = rest;
        Ok(bytes)
    }

    pub(super) fn text(&mut self) -> Result<&'a str, RestoreError> {
        let length = self.length()?;
        std::str::from_utf8(self.bytes(length)?).map_err(|_| RestoreError::Corrupt)
    }
}
