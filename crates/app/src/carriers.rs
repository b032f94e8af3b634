//! The main Chinese carriers, and which of them a waybill looks like (F9). Carriers publish no
//! formats, so a guess is only offered: people can always choose another.

use domain::policy::Language;

/// A carrier (快递公司).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carrier {
    /// 顺丰速运
    Sf,
    /// 京东快递
    Jd,
    /// 圆通速递
    Yto,
    /// 中通快递
    Zto,
    /// 申通快递
    Sto,
    /// 韵达快递
    Yunda,
    /// 极兔速递
    Jt,
    /// 邮政EMS
    Ems,
    /// 中国邮政
    ChinaPost,
    /// 德邦快递
    Deppon,
}

impl Carrier {
    /// Every carrier, the most usual first.
    pub const ALL: [Self; 10] = [
        Self::Sf,
        Self::Zto,
        Self::Yto,
        Self::Yunda,
        Self::Sto,
        Self::Jt,
        Self::Jd,
        Self::Ems,
        Self::ChinaPost,
        Self::Deppon,
    ];

    /// Its name on forms.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Sf => "sf",
            Self::Jd => "jd",
            Self::Yto => "yto",
            Self::Zto => "zto",
            Self::Sto => "sto",
            Self::Yunda => "yunda",
            Self::Jt => "jt",
            Self::Ems => "ems",
            Self::ChinaPost => "china_post",
            Self::Deppon => "deppon",
        }
    }

    /// What everybody in China calls it; this is what goes on record.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sf => "顺丰速运",
            Self::Jd => "京东快递",
            Self::Yto => "圆通速递",
            Self::Zto => "中通快递",
            Self::Sto => "申通快递",
            Self::Yunda => "韵达快递",
            Self::Jt => "极兔速递",
            Self::Ems => "邮政EMS",
            Self::ChinaPost => "中国邮政",
            Self::Deppon => "德邦快递",
        }
    }

    /// The name as a reader of this language knows it.
    #[must_use]
    pub const fn name_in(self, language: Language) -> &'static str {
        match (language, self) {
            (Language::Zh, carrier) => carrier.name(),
            (Language::En, Self::Sf) => "SF Express 顺丰",
            (Language::En, Self::Jd) => "JD Logistics 京东",
            (Language::En, Self::Yto) => "YTO 圆通",
            (Language::En, Self::Zto) => "ZTO 中通",
            (Language::En, Self::Sto) => "STO 申通",
            (Language::En, Self::Yunda) => "Yunda 韵达",
            (Language::En, Self::Jt) => "J&T 极兔",
            (Language::En, Self::Ems) => "EMS 邮政",
            (Language::En, Self::ChinaPost) => "China Post 中国邮政",
            (Language::En, Self::Deppon) => "Deppon 德邦",
        }
    }

    /// The carrier of a code or a name; none for one that is not known here.
    #[must_use]
    pub fn named(text: &str) -> Option<Self> {
        let text = text.trim();
        Self::ALL.into_iter().find(|carrier| carrier.code() == text || carrier.name() == text)
    }
}

/// A waybill as it was meant: capitals, no blanks, no full-width digits.
#[must_use]
pub fn tidy(waybill: &str) -> String {
    let narrow = |c: char| match u32::from(c) {
        code @ 0xFF01..=0xFF5E => char::from_u32(code - 0xFEE0).unwrap_or(c),
        _ => c,
    };
    let kept = waybill.chars().map(narrow).filter(|c| !c.is_whitespace());
    kept.map(|c| c.to_ascii_uppercase()).collect()
}

/// Which carrier a waybill looks like; none where several would do.
#[must_use]
pub fn recognised(waybill: &str) -> Option<Carrier> {
    let waybill = tidy(waybill);
    let letters = waybill.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (front, digits) = waybill.split_at(letters);
    if front.is_empty() { by_digits(digits) } else { by_letters(front, digits) }
}

/// Most carriers write their name before the number.
fn by_letters(front: &str, rest: &str) -> Option<Carrier> {
    let plain = rest.bytes().all(|byte| byte.is_ascii_digit());
    match (front, rest.len()) {
        ("SF", 12..=15) if plain => Some(Carrier::Sf),
        ("YT", 13..=16) if plain => Some(Carrier::Yto),
        ("JT" | "UT", 13..=15) if plain => Some(Carrier::Jt),
        ("DPK" | "DPL" | "DPP", 9..=15) if plain => Some(Carrier::Deppon),
        ("ZT" | "ZTO", 12..=15) if plain => Some(Carrier::Zto),
        ("ST" | "STO", 12..=15) if plain => Some(Carrier::Sto),
        ("YD", 13..=15) if plain => Some(Carrier::Yunda),
        _ if front.starts_with("JD") => is_jd(front, rest).then_some(Carrier::Jd),
        _ => by_post(front, rest),
    }
}

/// `JD0123456789012`, `JDVA12345678901`, a parcel of several as `…-1-2-`.
fn is_jd(front: &str, rest: &str) -> bool {
    let number = rest.split('-').next().unwrap_or_default();
    front.len() <= 4
        && (10..=14).contains(&number.len())
        && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// Items of the post are numbered alike all over the world (UPU S10): two letters, eight digits
/// and one that checks them, the country.
fn by_post(front: &str, rest: &str) -> Option<Carrier> {
    let digits = rest.strip_suffix("CN")?;
    if front.len() != 2 || !checks(digits) {
        return None;
    }
    Some(if front.starts_with('E') { Carrier::Ems } else { Carrier::ChinaPost })
}

fn checks(digits: &str) -> bool {
    const WEIGHTS: [u32; 8] = [8, 6, 4, 2, 3, 5, 9, 7];
    let numbers: Vec<u32> = digits.chars().filter_map(|c| c.to_digit(10)).collect();
    let [numbers @ .., last] = numbers.as_slice() else { return false };
    if digits.len() != 9 || numbers.len() != 8 {
        return false;
    }
    let sum: u32 = numbers.iter().zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
    let wanted = match 11 - sum % 11 {
        10 => 0,
        11 => 5,
        digit => digit,
    };
    *last == wanted
}

/// Numbers without letters, where length and beginning say enough.
fn by_digits(digits: &str) -> Option<Carrier> {
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let begins = |fronts: &[&str]| fronts.iter().any(|front| digits.starts_with(front));
    match digits.len() {
        15 if begins(&["77"]) => Some(Carrier::Sto),
        15 if begins(&["31", "43", "46", "47"]) => Some(Carrier::Yunda),
        14 if begins(&["73", "75", "76", "78"]) => Some(Carrier::Zto),
        13 if begins(&["10", "11", "12", "50", "51"]) => Some(Carrier::Ems),
        13 if begins(&["95", "96", "97", "98", "99"]) => Some(Carrier::ChinaPost),
        13 if begins(&["31", "43", "46"]) => Some(Carrier::Yunda),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Carrier, recognised, tidy};
    use proptest::prelude::{any, prop_assert_eq, proptest};

    #[test]
    fn a_waybill_says_who_carries_it() {
        for (waybill, carrier) in [
            ("SF1234567890123", Carrier::Sf),
            (" sf1234 5678 90123 ", Carrier::Sf),
            ("ＳＦ１２３４５６７８９０１２３", Carrier::Sf),
            ("YT8812345678901", Carrier::Yto),
            ("78123456789012", Carrier::Zto),
            ("773123456789012", Carrier::Sto),
            ("462123456789012", Carrier::Yunda),
            ("JD0123456789012", Carrier::Jd),
            ("JDVA12345678901-1-2-", Carrier::Jd),
            ("EA473124829CN", Carrier::Ems),
            ("1123456789012", Carrier::Ems),
            ("RR473124829CN", Carrier::ChinaPost),
            ("9812345678901", Carrier::ChinaPost),
            ("JT5123456789012", Carrier::Jt),
            ("DPK202123456789", Carrier::Deppon),
        ] {
            assert_eq!(recognised(waybill), Some(carrier), "{waybill}");
        }
    }

    #[test]
    fn what_could_be_several_is_left_to_people() {
        for waybill in ["", "123456789012", "SF12", "ABC123", "EA473124820CN", "EA473124829US"] {
            assert_eq!(recognised(waybill), None, "{waybill}");
        }
    }

    #[test]
    fn a_carrier_is_found_by_what_forms_and_records_call_it() {
        for carrier in Carrier::ALL {
            assert_eq!(Carrier::named(carrier.code()), Some(carrier));
            assert_eq!(Carrier::named(carrier.name()), Some(carrier));
        }
        assert_eq!(Carrier::named("邻居"), None);
    }

    proptest! {
        #[test]
        fn any_text_is_borne(text in any::<String>()) {
            let tidied = tidy(&text);
            prop_assert_eq!(recognised(&text), recognised(&tidied));
        }
    }
}
