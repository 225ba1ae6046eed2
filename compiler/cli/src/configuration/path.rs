//! Finding a part of a configuration by its path: `needs.orders.storage`.

use idpc_model::value::{Field, Record, Value};

use crate::outcome::Failure;

/// The part that a path names.
#[derive(Clone, Copy, Debug)]
pub enum Found<'r> {
    /// A field or an entry, by its last name.
    Field(&'r Field),
    /// Everything.
    Whole,
}

/// A path in pieces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place(pub Vec<String>);

impl Place {
    /// Reads a path; a piece that is no name may stand in quotes: `annotations."prometheus.io/scrape"`.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let (mut pieces, mut piece, mut quoted) = (Vec::new(), String::new(), false);
        for letter in text.chars() {
            match letter {
                '"' => quoted = !quoted,
                '.' if !quoted => pieces.push(std::mem::take(&mut piece)),
                _ => piece.push(letter),
            }
        }
        pieces.push(piece);
        Self(pieces)
    }
}

/// Finds a part of a record.
///
/// # Errors
/// When there is no such part; says which piece is wrong.
pub fn find<'r>(record: &'r Record, place: &Place) -> Result<Found<'r>, Failure> {
    let mut fields: Vec<(&str, &'r Field)> = named(&record.fields);
    let mut found = Found::Whole;
    let mut walked: Vec<&str> = Vec::new();
    for piece in &place.0 {
        let Some((_, field)) = fields.iter().find(|(name, _)| name == piece) else {
            let known: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
            let place = if walked.is_empty() { &*record.schema } else { &walked.join(".") };
            return Err(Failure::unfound(format!("`{place}` has no field `{piece}`"), piece, &known));
        };
        found = Found::Field(field);
        fields = match &field.value {
            Value::Record(record) => named(&record.fields),
            Value::Map(map) => named(&map.entries),
            _ => Vec::new(),
        };
        walked.push(piece);
    }
    Ok(found)
}

fn named(fields: &[(std::sync::Arc<str>, Field)]) -> Vec<(&str, &Field)> {
    fields.iter().map(|(name, field)| (&**name, field)).collect()
}
