//! The schemas of the document: each type once, with all that it is made of.

use serde_json::{Map, Value, json};
use std::borrow::Cow;
use utoipa::ToSchema;

/// Schemas by name.
#[derive(Default)]
pub struct Schemas {
    named: Map<String, Value>,
    twice: Vec<String>,
}

impl Schemas {
    /// A reference to the schema of a type, which is put in with everything below it.
    pub fn of<T: ToSchema>(&mut self) -> Value {
        let name: Cow<'static, str> = T::name();
        let mut below = Vec::new();
        T::schemas(&mut below);
        self.put(name.to_string(), serde_json::to_value(T::schema()).unwrap_or_default());
        for (name, schema) in below {
            self.put(name, serde_json::to_value(schema).unwrap_or_default());
        }
        json!({"$ref": format!("#/components/schemas/{name}")})
    }

    /// A page of rows of a type.
    pub fn page_of<T: ToSchema>(&mut self) -> Value {
        let row = self.of::<T>();
        json!({
            "type": "object",
            "required": ["items"],
            "properties": {
                "items": {"type": "array", "items": row},
                "next_cursor": {"type": "string", "description": "Where to go on, if there is more."}
            }
        })
    }

    fn put(&mut self, name: String, schema: Value) {
        match self.named.get(&name) {
            Some(known) if *known == schema => {}
            Some(_) => self.twice.push(name),
            None => {
                self.named.insert(name, schema);
            }
        }
    }

    /// All of them.
    pub fn all(&self) -> Value {
        Value::Object(self.named.clone())
    }

    /// Names that two different types claim; a test proves that there are none.
    #[cfg(test)]
    pub fn twice(&self) -> &[String] {
        &self.twice
    }
}
