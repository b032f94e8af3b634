//! Reads numbers and slices off the front of bytes; past the end is a fault, never a panic.

use super::fault::Fault;

/// What is left to read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// How many bytes were read.
    pub(super) const fn position(&self) -> usize {
        self.at
    }

    /// What was not read yet.
    pub(super) fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    pub(super) fn take(&mut self, count: usize) -> Result<&'a [u8], Fault> {
        let taken = self.rest().get(..count).ok_or(Fault::Truncated)?;
        self.at = self.at.saturating_add(count);
        Ok(taken)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], Fault> {
        let taken = self.take(N)?;
        <[u8; N]>::try_from(taken).map_err(|_| Fault::Truncated)
    }

    pub(super) fn byte(&mut self) -> Result<u8, Fault> {
        self.array().map(u8::from_be_bytes)
    }

    pub(super) fn be16(&mut self) -> Result<u16, Fault> {
        self.array().map(u16::from_be_bytes)
    }

    pub(super) fn be32(&mut self) -> Result<u32, Fault> {
        self.array().map(u32::from_be_bytes)
    }

    pub(super) fn be64(&mut self) -> Result<u64, Fault> {
        self.array().map(u64::from_be_bytes)
    }

    pub(super) fn le16(&mut self) -> Result<u16, Fault> {
        self.array().map(u16::from_le_bytes)
    }

    pub(super) fn le24(&mut self) -> Result<u32, Fault> {
        let [a, b, c] = self.array()?;
        Ok(u32::from_le_bytes([a, b, c, 0]))
    }

    pub(super) fn le32(&mut self) -> Result<u32, Fault> {
        self.array().map(u32::from_le_bytes)
    }
}

/// Where `needle` first stands in `bytes`.
pub(super) fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    let first = *needle.first()?;
    let mut from = 0_usize;
    loop {
        let rest = bytes.get(from..)?;
        let at = from.saturating_add(rest.iter().position(|byte| *byte == first)?);
        if bytes.get(at..)?.starts_with(needle) {
            return Some(at);
        }
        from = at.saturating_add(1);
    }
}

/// Where `needle` last stands in `bytes`.
pub(super) fn find_last(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    (!needle.is_empty()).then(|| bytes.windows(needle.len()).rposition(|part| part == needle))?
}
