//! Why a value cannot stand where its type is right but a refinement is broken.

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::schemas::violates;
use crate::span::Span;
use crate::suggest::{nearest, one_of};
use crate::ty::{Rule, Ty};
use crate::value::Value;

/// A broken refinement, in words.
pub struct Refusal {
    code: Code,
    message: String,
    label: &'static str,
    help: String,
    near: Option<String>,
    /// The place that states it.
    pub because: Option<Span>,
}

/// What a value of the field `key` breaks. A value of another type breaks nothing here: that is said elsewhere.
#[must_use]
pub fn refusal(key: &str, value: &Value, ty: &Ty) -> Option<Refusal> {
    if let (Ty::List(inner), Value::List(elements)) = (ty.core(), value)
        && let Some(found) = elements.iter().find_map(|element| refusal(key, element, inner))
    {
        return Some(Refusal { label: "an element is not allowed", ..found });
    }
    if let (Ty::Union(known), Value::Str(_) | Value::Int(_)) = (ty.core(), value)
        && !known.iter().any(|item| item.same(value))
    {
        let shown: Vec<String> = known.iter().map(Value::to_string).collect();
        return Some(Refusal {
            code: Code::OutsideRange,
            message: format!("`{key}` cannot be `{value}`"),
            label: "not one of the allowed values",
            help: format!("use {}", one_of(&shown)),
            near: nearest(&value.to_string(), shown.iter().map(String::as_str)).map(str::to_owned),
            because: None,
        });
    }
    let refinement = violates(value, ty)?;
    let (code, message, help) = match &refinement.rule {
        Rule::Between(low, high) => {
            let bounds = match value {
                Value::Range(first, _) => Value::Int(*first).compare(low),
                _ => value.compare(low),
            };
            bounds?;
            (Code::OutsideRange, format!("`{key}` cannot be `{value}`"), format!("choose a value from {low} to {high}"))
        }
        Rule::OneOf(values) => {
            let kind = std::mem::discriminant(value);
            values.iter().find(|known| std::mem::discriminant(*known) == kind)?;
            let shown: Vec<String> = values.iter().map(ToString::to_string).collect();
            (Code::OutsideRange, format!("`{key}` cannot be `{value}`"), format!("use {}", one_of(&shown)))
        }
        Rule::Matching(pattern) => {
            (Code::PatternMismatch, format!("`{key}` cannot be {value}"), format!("it must match `{pattern}`"))
        }
        Rule::Nonempty => {
            (Code::EmptyList, format!("`{key}` cannot be empty"), "give it at least one element".to_owned())
        }
    };
    let because = Some(refinement.span).filter(|span| !span.range.is_empty());
    Some(Refusal { code, message, label: "not allowed here", help, near: None, because })
}

impl Refusal {
    /// The finding at the value's place.
    #[must_use]
    pub fn finding(self, at: Span) -> Diagnostic {
        let mut finding = Diagnostic::new(self.code, at, self.message).primary_label(self.label).help(self.help);
        if let Some(because) = self.because {
            finding = finding.label(because, "because of this");
        }
        finding.did_you_mean(at, self.near.as_deref())
    }
}
