//! A moment as WeChat Pay writes it: RFC 3339, whole seconds, `+08:00`.

use jiff::{
    Timestamp,
    tz::{self, TimeZone},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};

/// Seconds since 1970; reads any RFC 3339 offset, writes China's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WireTime(i64);

impl WireTime {
    /// The moment that many seconds after 1970 began.
    pub fn from_unix_s(seconds: i64) -> Self {
        Self(seconds)
    }

    /// Seconds after 1970 began.
    pub fn unix_s(self) -> i64 {
        self.0
    }

    fn to_text(self) -> Option<String> {
        let moment = Timestamp::from_second(self.0).ok()?;
        let china = TimeZone::fixed(tz::offset(8));
        Some(moment.to_zoned(china).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string())
    }
}

impl Serialize for WireTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = self.to_text().ok_or_else(|| ser::Error::custom("moment out of range"))?;
        serializer.serialize_str(&text)
    }
}

impl<'de> Deserialize<'de> for WireTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let moment: Timestamp = text.parse().map_err(de::Error::custom)?;
        Ok(Self(moment.as_second()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_from_any_offset_and_written_in_chinas() {
        let time: WireTime = serde_json::from_str("\"2018-06-08T02:34:56Z\"").unwrap();

        assert_eq!(time, WireTime::from_unix_s(1_528_425_296));
        assert_eq!(serde_json::to_string(&time).unwrap(), "\"2018-06-08T10:34:56+08:00\"");
    }

    #[test]
    fn a_time_without_offset_is_refused() {
        assert!(serde_json::from_str::<WireTime>("\"2018-06-08T10:34:56\"").is_err());
    }
}
