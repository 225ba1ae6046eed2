//! Values as they are written in a program.

use std::sync::Arc;

use idpc_model::value::{Field, Piece, Value};

/// A value in the language's own words, on one line.
#[must_use]
pub fn written(value: &Value) -> String {
    match value {
        Value::Output(output) => format!("needs.{}.{}", output.entry, output.name),
        Value::Text(pieces) => {
            let pieces = pieces.iter().map(|piece| match piece {
                Piece::Text(text) => inner(text),
                Piece::Output(output) => format!("${{needs.{}.{}}}", output.entry, output.name),
            });
            format!("\"{}\"", pieces.collect::<String>())
        }
        Value::Str(text) => format!("\"{}\"", inner(text)),
        Value::List(list) => format!("[{}]", list.iter().map(written).collect::<Vec<_>>().join(", ")),
        Value::Record(record) => block(&record.fields),
        Value::Map(map) => block(&map.entries),
        other => other.to_string(),
    }
}

fn block(fields: &[(Arc<str>, Field)]) -> String {
    if fields.is_empty() {
        return String::from("{}");
    }
    let fields = fields.iter().map(|(key, field)| format!("{} = {}", name(key), written(&field.value)));
    format!("{{ {} }}", fields.collect::<Vec<_>>().join(", "))
}

/// A name as it has to be written.
#[must_use]
pub fn name(text: &str) -> String {
    let plain = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    if plain { text.to_owned() } else { format!("\"{}\"", inner(text)) }
}

/// Text between quotes, in the escapes of the language.
fn inner(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '"' => escaped.push_str("\\\""),
            '\\' => escaped.push_str("\\\\"),
            '\n' => escaped.push_str("\\n"),
            '\t' => escaped.push_str("\\t"),
            '$' => escaped.push_str("\\$"),
            control if control.is_control() => escaped.push_str(&format!("\\u{{{:x}}}", u32::from(control))),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use idpc_model::value::Output;

    use super::*;

    #[test]
    fn values_are_written_as_in_a_program() {
        let output = Arc::new(Output { entry: "orders".into(), name: "host".into(), secret: false });
        assert_eq!(written(&Value::Output(output.clone())), "needs.orders.host");
        let text = Value::Text(Arc::new(vec![Piece::Text("a\"$".into()), Piece::Output(output)]));
        assert_eq!(written(&text), "\"a\\\"\\$${needs.orders.host}\"");
        assert_eq!(written(&Value::Str("é\n\u{7}".into())), "\"é\\n\\u{7}\"");
        let list = Value::List(Arc::new(vec![Value::Int(1), Value::Bool(true), Value::None]));
        assert_eq!(written(&list), "[1, true, none]");
        assert_eq!(written(&Value::Range(3, 12)), "3..12");
    }
}
