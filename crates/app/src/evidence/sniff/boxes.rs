//! The boxes of ISO 14496-12 and QuickTime files. Only known boxes are opened, each by name, so
//! boxes nested however deep are never descended into.

use super::{fault::Fault, foreign::refuse_markup, reader::Reader};

/// The most boxes looked at in one file; a video of an hour in fragments of a second has 7,200.
pub(super) const BOXES_MAX: u32 = 20_000;
/// The longest header: length, name, long length.
pub(super) const HEADER_BYTES_MAX: usize = 16;

/// The name of a box.
pub(super) type Kind = [u8; 4];

/// The front of a box.
#[derive(Clone, Copy, Debug)]
pub(super) struct Header {
    pub(super) kind: Kind,
    /// How many bytes the header takes.
    pub(super) length: u64,
    /// How many bytes follow it; to the end of the file if absent.
    pub(super) body: Option<u64>,
}

/// Reads a header; [`Fault::Truncated`] if more bytes are needed.
pub(super) fn header(bytes: &[u8]) -> Result<Header, Fault> {
    let mut reader = Reader::new(bytes);
    let short = reader.be32()?;
    let kind: Kind = reader.array()?;
    let named = kind.iter().all(|byte| matches!(byte, 0x20..=0x7e | 0xa9));
    if !named {
        return Err(Fault::Broken("box without a name"));
    }
    let total = match short {
        0 => None,
        1 => Some(reader.be64()?),
        size => Some(u64::from(size)),
    };
    let length = u64::try_from(reader.position()).unwrap_or(u64::MAX);
    let body = total.map(|total| total.checked_sub(length).ok_or(Fault::Broken("box length")));
    Ok(Header { kind, length, body: body.transpose()? })
}

/// How many boxes may still be looked at.
#[derive(Debug)]
pub(super) struct Budget(u32);

impl Budget {
    pub(super) const fn new() -> Self {
        Self(BOXES_MAX)
    }

    pub(super) fn spend(&mut self) -> Result<(), Fault> {
        self.0 = self.0.checked_sub(1).ok_or(Fault::TooElaborate("boxes"))?;
        Ok(())
    }
}

/// The boxes that fill `bytes` exactly.
pub(super) fn children<'a>(
    bytes: &'a [u8],
    budget: &mut Budget,
) -> Result<Vec<(Kind, &'a [u8])>, Fault> {
    let mut found = Vec::new();
    let mut rest = bytes;
    // QuickTime may close a list with a length of zero and no name.
    while !rest.is_empty() && rest != [0; 4] {
        budget.spend()?;
        let (kind, body, after) = split(rest)?;
        found.push((kind, body));
        rest = after;
    }
    Ok(found)
}

/// How many bytes at the front of `bytes` are boxes; what is not media in them is looked through.
pub(super) fn span(bytes: &[u8]) -> Result<usize, Fault> {
    let mut budget = Budget::new();
    let mut rest = bytes;
    while let Ok((kind, body, after)) = split(rest) {
        budget.spend()?;
        if &kind != b"mdat" {
            refuse_markup(body)?;
        }
        rest = after;
    }
    Ok(bytes.len().saturating_sub(rest.len()))
}

fn split(bytes: &[u8]) -> Result<(Kind, &[u8], &[u8]), Fault> {
    let header = header(bytes)?;
    let start = usize::try_from(header.length).map_err(|_| Fault::Truncated)?;
    let body = bytes.get(start..).ok_or(Fault::Truncated)?;
    let length = match header.body {
        None => body.len(),
        Some(length) => usize::try_from(length).map_err(|_| Fault::Truncated)?,
    };
    let (body, after) = body.split_at_checked(length).ok_or(Fault::Truncated)?;
    Ok((header.kind, body, after))
}

/// The first child of that name.
pub(super) fn child<'a>(children: &[(Kind, &'a [u8])], kind: &Kind) -> Option<&'a [u8]> {
    children.iter().find(|(known, _)| known == kind).map(|(_, body)| *body)
}

/// What a full box holds after its version and flags.
pub(super) fn after_version(body: &[u8]) -> Result<&[u8], Fault> {
    body.get(4..).ok_or(Fault::Truncated)
}
