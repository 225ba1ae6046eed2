//! From places to values with provenance.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::arena::{Arena, Kind, NodeId};
use crate::value::{Field, Map, Record, Value};

impl<'a> Arena<'a> {
    /// The value of a place with where it came from.
    pub(super) fn collect(&mut self, id: NodeId) -> Field {
        let origin = self.node(id).origin.clone();
        let value = match &self.node(id).kind {
            Kind::Record { schema, fields, shared, header, .. } => {
                let (schema, fields, shared, span) = (schema.name.clone(), fields.to_vec(), shared.clone(), *header);
                let fields = fields.into_iter().map(|(name, node)| (name, self.collect(node))).collect();
                Value::Record(Arc::new(Record { schema, shared, span, fields }))
            }
            Kind::Map { base, entries, removed, .. } => {
                let (base, entries, removed) = (*base, entries.to_vec(), removed.clone());
                let base = base.map(|base| self.collect(base).value);
                if base.as_ref().is_some_and(Value::is_error) {
                    return Field { value: Value::Error, origin };
                }
                let mut built = base.map_or_else(Vec::new, |base| base.entries().to_vec());
                built.retain(|(key, _)| !removed.contains(key));
                // The entries that were written have one name each; only those of the base can be meant again.
                let of_base: BTreeMap<Arc<str>, usize> =
                    built.iter().enumerate().map(|(at, (key, _))| (key.clone(), at)).collect();
                for (key, node) in entries {
                    let mut field = self.collect(node);
                    match of_base.get(&key).and_then(|at| built.get_mut(*at)) {
                        Some((_, slot)) => {
                            let below = slot.origin.clone();
                            field.origin.overridden.push((below.layer, below.span));
                            field.origin.overridden.extend(below.overridden);
                            *slot = field;
                        }
                        None => built.push((key, field)),
                    }
                }
                Value::Map(Arc::new(Map { entries: built }))
            }
            Kind::Expr { .. } | Kind::Unset | Kind::Failed => self.value(id),
        };
        Field { value, origin }
    }

    /// The record at a root, everything computed.
    pub fn record_value(&mut self, root: NodeId) -> Option<Arc<Record>> {
        self.collect(root).value.as_record().cloned()
    }
}
