//! Cursors: where a list goes on. Opaque to callers, checked when they come back.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Serialize, de::DeserializeOwned};

/// The longest cursor read.
const BYTES_MAX: usize = 400;

/// Writes a cursor; none if the place cannot be written.
#[must_use]
pub fn write<T: Serialize>(place: &T) -> Option<String> {
    serde_json::to_vec(place).ok().map(|json| URL_SAFE_NO_PAD.encode(json))
}

/// Reads a cursor; none if it is not one of ours.
#[must_use]
pub fn read<T: DeserializeOwned>(text: &str) -> Option<T> {
    let short = (text.len() <= BYTES_MAX).then_some(text)?;
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(short).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::{read, write};
    use domain::{id::CaseId, moment::Moment};
    use proptest::prelude::{any, proptest};

    #[test]
    fn a_cursor_reads_what_it_writes() {
        let place = (Moment::from_ms(1), CaseId::new(uuid::Uuid::from_u128(7)));
        assert_eq!(read(&write(&place).unwrap()), Some(place));
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in any::<String>()) {
            let _read: Option<(Moment, CaseId)> = read(&text);
        }
    }
}
