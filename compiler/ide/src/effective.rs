//! The value of a place in each environment, and where it comes from.

use idpc_model::span::Span;
use idpc_model::value::{Field, Layer, Origin, Record, Value};

use crate::cursor::Step;
use crate::program::Program;
use crate::written::written;

/// Longer values are cut.
const LONGEST: usize = 120;

/// A part of a record by its path.
pub(crate) fn part<'r>(record: &'r Record, steps: &[Step<'_>]) -> Option<&'r Field> {
    let (first, rest) = steps.split_first()?;
    let mut field = record.field(first.name)?;
    for step in rest {
        field = match &field.value {
            Value::Record(record) => record.field(step.name)?,
            Value::Map(map) => &map.entries.iter().find(|(key, _)| **key == *step.name)?.1,
            _ => return None,
        };
    }
    Some(field)
}

/// One line of Markdown for each value, with the environments that have it.
pub(crate) fn lines(program: Program<'_>, fields: &[(&str, &Field)]) -> Vec<String> {
    let mut groups: Vec<(String, Vec<&str>)> = Vec::new();
    for (environment, field) in fields {
        let text = sentence(environment, field, program);
        match groups.iter_mut().find(|(known, _)| *known == text) {
            Some((_, environments)) => environments.push(environment),
            None => groups.push((text, vec![environment])),
        }
    }
    let everywhere = program.environments().len();
    let line = |(text, environments): (String, Vec<&str>)| {
        if environments.len() == everywhere && everywhere > 1 {
            format!("- everywhere: {text}")
        } else {
            format!("- {}: {text}", environments.join(", "))
        }
    };
    groups.into_iter().map(line).collect()
}

fn sentence(environment: &str, field: &Field, program: Program<'_>) -> String {
    let origin = origin(environment, &field.origin, program);
    match &field.value {
        // It was reported already.
        Value::Error => String::from("not known, because of an error"),
        Value::Record(_) | Value::Map(_) => origin,
        value => format!("{} — {origin}", code(&written(value))),
    }
}

/// Text as code of Markdown, cut where it is long.
fn code(text: &str) -> String {
    let mut shown: String = text.chars().take(LONGEST).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    let fence = if shown.contains('`') { "``" } else { "`" };
    format!("{fence}{shown}{fence}")
}

/// `overlay in prod, services/checkout/service.idp:28; default from std:/kinds/postgres.idp:9`.
fn origin(environment: &str, origin: &Origin, program: Program<'_>) -> String {
    let place = place(origin.span, program);
    let mut text = match &origin.layer {
        Layer::Unset => return String::from("not set"),
        Layer::Entry => place,
        Layer::Default(_) => format!("default, {place}"),
        Layer::Extension(_) => format!("extension, {place}"),
        Layer::Overlay => format!("overlay in {environment}, {place}"),
    };
    for (layer, span) in &origin.overridden {
        let word = match layer {
            Layer::Unset => continue,
            Layer::Default(_) => "default",
            Layer::Extension(_) => "extension",
            Layer::Entry => "entry",
            Layer::Overlay => "overlay",
        };
        text = format!("{text}; {word} from {}", self::place(*span, program));
    }
    text
}

/// `services/checkout/service.idp:28`.
fn place(span: Span, program: Program<'_>) -> String {
    let (Some(path), Some(text)) = (program.path(span.file), program.text(span.file)) else {
        return String::new();
    };
    let before = text.get(..usize::from(span.range.start())).unwrap_or(&text);
    format!("{path}:{}", before.matches('\n').count() + 1)
}
