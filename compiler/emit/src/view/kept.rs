//! The secrets whose values the platform's store keeps: which service reads them, under which key.

use std::sync::Arc;

use super::convert::{map, text};
use super::place::Place;
use crate::node::Node;

/// A value that somebody has to put into the store before the service can start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The key in the store: the environment, and the key as it is written.
    pub key: String,
    /// The service that reads it.
    pub service: Arc<str>,
    /// The entry of its needs.
    pub need: Arc<str>,
}

/// Every kept secret of an environment, sorted by key.
#[must_use]
pub fn secrets(place: &Place<'_>) -> Vec<Kept> {
    let set = &place.model.set;
    let mut found = Vec::new();
    for (service, record) in &place.environment.services {
        for (need, field) in record.value("needs").entries() {
            let Some(record) = field.value.as_record() else { continue };
            let key = place.facts.key_field(&record.schema, set).and_then(|field| record.value(field).as_str());
            if let Some(key) = key {
                let key = format!("{}/{key}", place.name());
                found.push(Kept { key, service: service.clone(), need: need.clone() });
            }
        }
    }
    found.sort_by(|a, b| (&a.key, &a.service, &a.need).cmp(&(&b.key, &b.service, &b.need)));
    found
}

impl Kept {
    /// What templates read.
    #[must_use]
    pub fn view(&self) -> Node {
        map([
            ("key", text(self.key.as_str())),
            ("service", Node::Str(self.service.clone())),
            ("need", Node::Str(self.need.clone())),
        ])
    }
}
