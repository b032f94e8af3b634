//! What a request body may hold, and the complaint when it does not.
//!
//! WeChat Pay refuses keys it does not define, `null`, and characters of four bytes in UTF-8.

use serde_json::{Map, Value, json};

use super::problem::Problem;

/// A key of an object.
pub(super) struct Field {
    pub name: &'static str,
    /// What the complaint calls it.
    pub label: &'static str,
    pub need: Need,
    pub shape: Shape,
}

/// Whether a key must be there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    Must,
    May,
}

/// What a key holds.
pub(super) enum Shape {
    /// Bytes in UTF-8, fewest and most.
    Text(usize, usize),
    /// The smallest number.
    Integer(i64),
    Object(&'static [Field]),
    List(&'static [Field]),
}

/// The body as an object that fits, or the first complaint.
pub(super) fn read(body: &[u8], fields: &[Field]) -> Result<Map<String, Value>, Problem> {
    let value: Value = serde_json::from_slice(body)
        .map_err(|_| Problem::parameter("body", json!(""), "请求体不是合法的JSON"))?;
    let Value::Object(object) = value else {
        return Err(Problem::parameter("body", json!(""), "请求体不是JSON对象"));
    };
    check_characters(&Value::Object(object.clone()), "/body")?;
    let mut unknown = Vec::new();
    find_unknown(&object, fields, "/body", &mut unknown);
    if !unknown.is_empty() {
        return Err(Problem::unknown_keys(&unknown));
    }
    check(&object, fields, "/body")?;
    Ok(object)
}

fn check_characters(value: &Value, path: &str) -> Result<(), Problem> {
    match value {
        Value::Null => {
            let message = format!("输入源“{path}”的值不允许为null");
            Err(Problem::parameter("body", json!(""), &message))
        }
        Value::String(text) if text.chars().any(|one| one.len_utf8() > 3) => {
            let message = format!("输入源“{path}”含有不支持的字符");
            Err(Problem::parameter("body", json!(text.chars().count()), &message))
        }
        Value::Array(items) => items
            .iter()
            .enumerate()
            .try_for_each(|(index, item)| check_characters(item, &format!("{path}/{index}"))),
        Value::Object(object) => object
            .iter()
            .try_for_each(|(key, item)| check_characters(item, &format!("{path}/{key}"))),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => Ok(()),
    }
}

fn find_unknown(
    object: &Map<String, Value>,
    fields: &[Field],
    path: &str,
    unknown: &mut Vec<String>,
) {
    for (key, value) in object {
        let path = format!("{path}/{key}");
        let Some(field) = fields.iter().find(|field| field.name == key) else {
            unknown.push(path);
            continue;
        };
        match (&field.shape, value) {
            (Shape::Object(fields), Value::Object(inner)) => {
                find_unknown(inner, fields, &path, unknown);
            }
            (Shape::List(fields), Value::Array(items)) => {
                let objects = items.iter().enumerate();
                objects.filter_map(|(index, item)| Some((index, item.as_object()?))).for_each(
                    |(index, inner)| {
                        find_unknown(inner, fields, &format!("{path}/{index}"), unknown);
                    },
                );
            }
            _ => {}
        }
    }
}

fn check(object: &Map<String, Value>, fields: &[Field], path: &str) -> Result<(), Problem> {
    for field in fields {
        let path = format!("{path}/{}", field.name);
        match object.get(field.name) {
            Some(value) => check_value(value, field, &path)?,
            None if field.need == Need::Must => {
                let message = format!(
                    "输入源“{path}”映射到字段“{}”必填性规则校验失败，此字段为必填项",
                    field.label
                );
                return Err(Problem::parameter("body", json!(""), &message));
            }
            None => {}
        }
    }
    Ok(())
}

fn check_value(value: &Value, field: &Field, path: &str) -> Result<(), Problem> {
    let complain = |value: Value, text: &str| {
        let message = format!("输入源“{path}”映射到{text}");
        Err(Problem::parameter("body", value, &message))
    };
    let label = field.label;
    match (&field.shape, value) {
        (Shape::Text(min, max), Value::String(text)) => {
            let length = text.len();
            let rule = match length {
                _ if length < *min => format!("小于最小值 {min}"),
                _ if length > *max => format!("大于最大值 {max}"),
                _ => return Ok(()),
            };
            let text = format!("值字段“{label}”字符串规则校验失败，字符数 {length}，{rule}");
            complain(json!(length), &text)
        }
        (Shape::Integer(min), Value::Number(number)) => match number.as_i64() {
            Some(number) if number >= *min => Ok(()),
            Some(number) => {
                let rule = format!("规则校验失败，值低于最小值 {min}");
                complain(json!(number), &format!("数值字段“{label}”{rule}"))
            }
            None => complain(value.clone(), &format!("数值字段“{label}”规则校验失败，不是整数")),
        },
        (Shape::Object(fields), Value::Object(inner)) => check(inner, fields, path),
        (Shape::List(fields), Value::Array(items)) => {
            items.iter().enumerate().try_for_each(|(index, item)| match item.as_object() {
                Some(inner) => check(inner, fields, &format!("{path}/{index}")),
                None => complain(json!(""), &format!("目标字段“{label}”失败，类型不符")),
            })
        }
        _ => {
            let message = format!("无法将输入源“{path}”映射到目标字段“{label}”中，类型不符");
            Err(Problem::parameter("body", json!(""), &message))
        }
    }
}

/// A text of a checked object.
pub(super) fn text(object: &Map<String, Value>, key: &str) -> Option<String> {
    object.get(key).and_then(Value::as_str).map(str::to_owned)
}

/// A number of a checked object.
pub(super) fn integer(object: &Map<String, Value>, key: &str) -> i64 {
    object.get(key).and_then(Value::as_i64).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIELDS: &[Field] = &[
        Field { name: "no", label: "单号", need: Need::Must, shape: Shape::Text(1, 4) },
        Field {
            name: "amount",
            label: "金额",
            need: Need::May,
            shape: Shape::Object(&[Field {
                name: "refund",
                label: "退款金额",
                need: Need::Must,
                shape: Shape::Integer(1),
            }]),
        },
    ];

    fn complaint(body: &str) -> String {
        let problem = read(body.as_bytes(), FIELDS).unwrap_err();
        serde_json::to_string(&problem.body).unwrap()
    }

    #[test]
    fn complaints_are_worded_as_observed() {
        assert_eq!(
            complaint(r#"{"no":"1","payer":{"openid":1}}"#),
            r#"{"code":"PARAM_ERROR","detail":{"location":null,"value":["/body/payer"]},"message":"请求中含有未在API文档中定义的参数"}"#
        );
        assert_eq!(
            complaint("{}"),
            r#"{"code":"PARAM_ERROR","detail":{"location":"body","value":""},"message":"输入源“/body/no”映射到字段“单号”必填性规则校验失败，此字段为必填项"}"#
        );
        assert_eq!(
            complaint(r#"{"no":""}"#),
            r#"{"code":"PARAM_ERROR","detail":{"location":"body","value":0},"message":"输入源“/body/no”映射到值字段“单号”字符串规则校验失败，字符数 0，小于最小值 1"}"#
        );
        assert_eq!(
            complaint(r#"{"no":"1","amount":{"refund":0}}"#),
            r#"{"code":"PARAM_ERROR","detail":{"location":"body","value":0},"message":"输入源“/body/amount/refund”映射到数值字段“退款金额”规则校验失败，值低于最小值 1"}"#
        );
    }

    #[test]
    fn null_emoji_and_wrong_types_are_refused() {
        for body in [
            r#"{"no":null}"#,
            r#"{"no":"😀"}"#,
            r#"{"no":7}"#,
            r#"{"no":"1","amount":7}"#,
            r#"{"no":"1","amount":{"refund":1.5}}"#,
            r#"{"no":"1","amount":{"refund":1,"extra":1}}"#,
            "[]",
            "",
        ] {
            assert!(read(body.as_bytes(), FIELDS).is_err(), "{body}");
        }
        assert!(read(r#"{"no":"1","amount":{"refund":1}}"#.as_bytes(), FIELDS).is_ok());
    }
}
