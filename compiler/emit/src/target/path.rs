//! Where a file goes: a path with places for fields of the context.

use crate::node::Node;
use crate::shape::Shape;

/// A path such as `apps/{env}/{name}.yaml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathPattern {
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Field(String),
}

impl PathPattern {
    /// Reads `text` and checks its fields against the shape of the context.
    pub(super) fn parse(text: &str, root: &Shape) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) =
                after.split_once('}').ok_or_else(|| format!("`{{` is never closed in the path `{text}`"))?;
            parts.push(Part::Text(before.to_owned()));
            parts.push(Part::Field(field(name, root)?));
            rest = after;
        }
        parts.push(Part::Text(rest.to_owned()));
        let sample = parts.iter().map(|part| match part {
            Part::Text(text) => text.as_str(),
            Part::Field(_) => "x",
        });
        check(&sample.collect::<String>())?;
        Ok(Self { parts })
    }

    /// The path for `context`.
    pub fn fill(&self, context: &Node) -> Result<String, String> {
        let mut path = String::new();
        for part in &self.parts {
            match part {
                Part::Text(text) => path.push_str(text),
                Part::Field(name) => {
                    let value = context.field(name).and_then(Node::text).unwrap_or_default();
                    if value.is_empty() || !value.bytes().all(is_safe) || value.starts_with('.') {
                        return Err(format!("`{value}`, the value of `{name}`, cannot be part of a file name"));
                    }
                    path.push_str(value);
                }
            }
        }
        check(&path)?;
        Ok(path)
    }
}

fn field(name: &str, root: &Shape) -> Result<String, String> {
    let name = if name == "env" { "env_name" } else { name };
    match root.field(name) {
        Some(Shape::Text) => Ok(name.to_owned()),
        Some(other) => Err(format!("`{{{name}}}` in a path is {}, not a text", other.describe())),
        None => Err(format!("`{{{name}}}` in a path is no field of the context")),
    }
}

fn is_safe(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')
}

/// A path stays inside the output folder and has only ordinary names.
fn check(path: &str) -> Result<(), String> {
    for name in path.split('/') {
        if name.is_empty() || name == "." || name == ".." || !name.bytes().all(is_safe) {
            return Err(format!("`{path}` is not a path of plain names below the output folder"));
        }
    }
    Ok(())
}
