//! Types as the checker sees them.

use std::fmt;
use std::sync::Arc;

use crate::span::Span;
use crate::value::Value;

/// A resolved type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ty {
    /// Already reported; fits everywhere.
    Unknown,
    /// `bool`
    Bool,
    /// `int`
    Int,
    /// `number`
    Number,
    /// `string`
    String,
    /// `duration`
    Duration,
    /// `size`
    Size,
    /// `percent`
    Percent,
    /// `rate`
    Rate,
    /// `money`
    Money,
    /// `date`
    Date,
    /// `any`: an open tree, for amendments of objects that others define
    Any,
    /// `scalar`: any of the above, an enum's variant, or a secret of one
    Scalar,
    /// `range`
    Range,
    /// `none` itself, before it meets an optional type
    None,
    /// `"14" | "15"`
    Union(Arc<Vec<Value>>),
    /// An enum by name.
    Enum(Arc<str>),
    /// `T?`
    Optional(Arc<Ty>),
    /// `[T]`
    List(Arc<Ty>),
    /// `map<T>`, `map<&service, T>`
    Map {
        /// The schema whose instances are the keys; `None` for plain text.
        key: Option<Arc<str>>,
        /// The value's type.
        value: Arc<Ty>,
    },
    /// `&team`
    Ref(Arc<str>),
    /// A record by its schema's name.
    Schema(Arc<str>),
    /// `secret<T>`
    Secret(Arc<Ty>),
    /// A type with a refinement.
    Refined(Arc<Ty>, Arc<Refinement>),
}

/// A refinement with the place that states it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refinement {
    /// Where it is written.
    pub span: Span,
    /// What it demands.
    pub rule: Rule,
}

/// What a refinement demands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Both bounds belong to the range.
    Between(Value, Value),
    /// One of these.
    OneOf(Vec<Value>),
    /// The whole pattern as written, RE2 syntax.
    Matching(Arc<str>),
    /// At least one element.
    Nonempty,
}

impl Rule {
    /// Whether it leaves nothing for a rule that it narrows to demand: bounds and lists lie inside of those they narrow,
    /// a pattern need not.
    #[must_use]
    pub fn stands_for(&self, narrowed: &Self) -> bool {
        match (self, narrowed) {
            (Self::Between(..), Self::Between(..)) | (Self::OneOf(_), Self::OneOf(_)) => true,
            (one, other) => one == other,
        }
    }
}

impl Ty {
    /// The type without `?` and refinements.
    #[must_use]
    pub fn core(&self) -> &Ty {
        match self {
            Self::Optional(inner) | Self::Refined(inner, _) => inner.core(),
            other => other,
        }
    }

    /// The type without refinements, `?` kept.
    #[must_use]
    pub fn unrefined(&self) -> &Ty {
        match self {
            Self::Refined(inner, _) => inner.unrefined(),
            other => other,
        }
    }

    /// Whether `none` is one of its values.
    #[must_use]
    pub fn is_optional(&self) -> bool {
        matches!(self.unrefined(), Self::Optional(_) | Self::None)
    }

    /// The refinements that a value other than `none` must meet.
    #[must_use]
    pub fn refinements(&self) -> Vec<&Refinement> {
        let mut found = Vec::new();
        let mut at = self;
        loop {
            match at {
                Self::Refined(inner, refinement) => {
                    found.push(&**refinement);
                    at = inner;
                }
                Self::Optional(inner) => at = inner,
                _ => return found,
            }
        }
    }

    /// The quantity's or scalar's built-in type by its written name.
    #[must_use]
    pub fn builtin(name: &str) -> Option<Ty> {
        Some(match name {
            "bool" => Self::Bool,
            "int" => Self::Int,
            "number" => Self::Number,
            "string" => Self::String,
            "duration" => Self::Duration,
            "size" => Self::Size,
            "percent" => Self::Percent,
            "rate" => Self::Rate,
            "money" => Self::Money,
            "date" => Self::Date,
            "scalar" => Self::Scalar,
            "any" => Self::Any,
            "range" => Self::Range,
            _ => return None,
        })
    }

    /// Every built-in type name, for suggestions.
    pub const BUILTIN: &'static [&'static str] =
        &["bool", "int", "number", "string", "duration", "size", "percent", "rate", "money", "date", "scalar", "range"];
}

impl fmt::Display for Ty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => f.write_str("unknown"),
            Self::Bool => f.write_str("bool"),
            Self::Int => f.write_str("int"),
            Self::Number => f.write_str("number"),
            Self::String => f.write_str("string"),
            Self::Duration => f.write_str("duration"),
            Self::Size => f.write_str("size"),
            Self::Percent => f.write_str("percent"),
            Self::Rate => f.write_str("rate"),
            Self::Money => f.write_str("money"),
            Self::Date => f.write_str("date"),
            Self::Scalar => f.write_str("scalar"),
            Self::Any => f.write_str("any"),
            Self::Range => f.write_str("range"),
            Self::None => f.write_str("none"),
            Self::Union(values) => {
                let shown: Vec<String> = values.iter().map(Value::to_string).collect();
                f.write_str(&shown.join(" | "))
            }
            Self::Enum(name) | Self::Schema(name) => f.write_str(name),
            Self::Optional(inner) if matches!(**inner, Self::Refined(..)) => write!(f, "({inner})?"),
            Self::Optional(inner) => write!(f, "{inner}?"),
            Self::List(inner) => write!(f, "[{inner}]"),
            Self::Map { key: None, value } => write!(f, "map<{value}>"),
            Self::Map { key: Some(key), value } => write!(f, "map<&{key}, {value}>"),
            Self::Ref(root) => write!(f, "&{root}"),
            Self::Secret(inner) => write!(f, "secret<{inner}>"),
            Self::Refined(inner, refinement) => write!(f, "{inner} {}", refinement.rule),
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Between(low, high) => write!(f, "in {low}..{high}"),
            Self::OneOf(values) => {
                let shown: Vec<String> = values.iter().map(Value::to_string).collect();
                write!(f, "in [{}]", shown.join(", "))
            }
            Self::Matching(pattern) => write!(f, "matching \"{pattern}\""),
            Self::Nonempty => f.write_str("nonempty"),
        }
    }
}
