//! Values with their provenance.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use idpc_syntax::ast::Date;

use crate::span::Span;
use crate::units::{Amount, Quantity, number_text};

/// A value after evaluation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Something went wrong and was reported.
    Error,
    /// The value of an unset `T?`.
    None,
    /// `true`, `false`
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// An exact number.
    Number(Amount),
    /// Text.
    Str(Arc<str>),
    /// A duration, size, percentage, rate or sum of money.
    Quantity(Quantity),
    /// A calendar date.
    Date(Date),
    /// An inclusive range of whole numbers.
    Range(i64, i64),
    /// A range of quantities or numbers; stands only in a refinement or after `in`.
    Span(Arc<(Value, Value)>),
    /// A variant of an enum.
    Variant {
        /// The enum.
        of: Arc<str>,
        /// The variant.
        name: Arc<str>,
    },
    /// An instance of a root schema.
    Ref {
        /// The root schema.
        root: Arc<str>,
        /// The instance.
        name: Arc<str>,
    },
    /// A list.
    List(Arc<Vec<Value>>),
    /// A record.
    Record(Arc<Record>),
    /// A map.
    Map(Arc<Map>),
    /// Known only after deployment.
    Output(Arc<Output>),
    /// Text around outputs.
    Text(Arc<Vec<Piece>>),
}

/// A record: the fields of its schema in the order of declaration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The concrete schema.
    pub schema: Arc<str>,
    /// The shared resource that stands here, if it is one.
    pub shared: Option<Arc<str>>,
    /// The record's own place: its header or the expression that wrote it.
    pub span: Span,
    /// In the order of the schema.
    pub fields: Vec<(Arc<str>, Field)>,
}

/// A map in source order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Map {
    /// In source order, without the entries that an overlay removed.
    pub entries: Vec<(Arc<str>, Field)>,
}

/// A value with where it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// The value.
    pub value: Value,
    /// Who set it.
    pub origin: Origin,
}

/// Who set a value, and what it overrode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The layer that won.
    pub layer: Layer,
    /// The place of the setting.
    pub span: Span,
    /// What it overrode, the nearest first.
    pub overridden: Vec<(Layer, Span)>,
}

/// The four layers, weakest first, and what was never set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Layer {
    /// Nobody set it: an unset optional field, an empty map, a record of defaults.
    Unset,
    /// The default of a schema.
    Default(Arc<str>),
    /// A default set by an extension of a schema.
    Extension(Arc<str>),
    /// The instance's entries.
    Entry,
    /// An overlay.
    Overlay,
}

/// An output of a need or of a shared resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// The entry of the map that holds the need: `orders`.
    pub entry: Arc<str>,
    /// The output's name: `url`.
    pub name: Arc<str>,
    /// Whether it may only be moved.
    pub secret: bool,
}

/// A piece of interpolated text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Plain text.
    Text(Arc<str>),
    /// An output that is not secret.
    Output(Arc<Output>),
}

impl Value {
    /// The text, if it is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Str(text) => Some(text),
            Self::Variant { name, .. } | Self::Ref { name, .. } => Some(name),
            _ => None,
        }
    }

    /// The whole number, if it is one.
    #[must_use]
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Self::Int(number) => Some(*number),
            _ => None,
        }
    }

    /// The truth value, if it is one.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(truth) => Some(*truth),
            _ => None,
        }
    }

    /// The record, if it is one.
    #[must_use]
    pub fn as_record(&self) -> Option<&Arc<Record>> {
        match self {
            Self::Record(record) => Some(record),
            _ => None,
        }
    }

    /// The map's entries; empty when it is none.
    #[must_use]
    pub fn entries(&self) -> &[(Arc<str>, Field)] {
        match self {
            Self::Map(map) => &map.entries,
            _ => &[],
        }
    }

    /// The list's elements; empty when it is none.
    #[must_use]
    pub fn elements(&self) -> &[Value] {
        match self {
            Self::List(list) => list,
            _ => &[],
        }
    }

    /// The quantity, if it is one.
    #[must_use]
    pub fn as_quantity(&self) -> Option<&Quantity> {
        match self {
            Self::Quantity(quantity) => Some(quantity),
            _ => None,
        }
    }

    /// Whether it is `none`.
    #[must_use]
    pub fn is_none(&self) -> bool {
        matches!(self, Self::None)
    }

    /// Whether it, or a part of it, was reported already.
    #[must_use]
    pub fn is_error(&self) -> bool {
        matches!(self, Self::Error)
    }

    /// Whether it is or holds an output.
    #[must_use]
    pub fn is_deferred(&self) -> bool {
        matches!(self, Self::Output(_) | Self::Text(_))
    }

    /// Orders two values of one ordered type.
    #[must_use]
    pub fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Quantity(a), Self::Quantity(b)) => a.compare(b),
            (Self::Date(a), Self::Date(b)) => Some(a.cmp(b)),
            _ => Some(self.as_amount()?.cmp(&other.as_amount()?)),
        }
    }

    /// The number, whole or not.
    #[must_use]
    pub fn as_amount(&self) -> Option<Amount> {
        match self {
            Self::Int(number) => Some(Amount::from_integer((*number).into())),
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// Equality as the language means it: by amount, and `1 == 1.0`.
    #[must_use]
    pub fn same(&self, other: &Self) -> bool {
        match (self.as_amount(), other.as_amount()) {
            (Some(a), Some(b)) => a == b,
            _ => match (self, other) {
                // A union of texts meets plain text, and a variant meets its own name.
                (Self::List(a), Self::List(b)) => a.len() == b.len() && a.iter().zip(b.iter()).all(|(x, y)| x.same(y)),
                _ => self == other,
            },
        }
    }
}

impl Record {
    /// A field by name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|(known, _)| &**known == name).map(|(_, field)| field)
    }

    /// The value of a field; `none` when the record has no such field.
    #[must_use]
    pub fn value(&self, name: &str) -> &Value {
        self.field(name).map_or(&Value::None, |field| &field.value)
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Error => f.write_str("<error>"),
            Self::None => f.write_str("none"),
            Self::Bool(truth) => write!(f, "{truth}"),
            Self::Int(number) => write!(f, "{number}"),
            Self::Number(number) => f.write_str(&number_text(*number)),
            Self::Str(text) => write!(f, "{text:?}"),
            Self::Quantity(quantity) => write!(f, "{quantity}"),
            Self::Date(date) => {
                write!(f, "{:04}-{:02}-{:02}", date.year, date.month, date.day)
            }
            Self::Range(low, high) => write!(f, "{low}..{high}"),
            Self::Span(bounds) => write!(f, "{}..{}", bounds.0, bounds.1),
            Self::Variant { name, .. } | Self::Ref { name, .. } => f.write_str(name),
            Self::List(list) => {
                let shown: Vec<String> = list.iter().map(Value::to_string).collect();
                write!(f, "[{}]", shown.join(", "))
            }
            Self::Record(record) => write!(f, "{} {{ … }}", record.schema),
            Self::Map(map) => write!(f, "{{ {} entries }}", map.entries.len()),
            Self::Output(output) => write!(f, "${{{}.{}}}", output.entry, output.name),
            Self::Text(pieces) => {
                for piece in pieces.iter() {
                    match piece {
                        Piece::Text(text) => f.write_str(text)?,
                        Piece::Output(output) => {
                            write!(f, "${{{}.{}}}", output.entry, output.name)?;
                        }
                    }
                }
                Ok(())
            }
        }
    }
}
