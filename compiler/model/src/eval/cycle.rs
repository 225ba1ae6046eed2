//! Values that wait for each other.

use std::sync::Arc;

use super::arena::{Arena, NodeId, State};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::span::Span;
use crate::value::{Layer, Value};

impl Arena<'_> {
    /// Reports the ring that a place closes, once, and settles its members.
    pub(super) fn cycle(&mut self, id: NodeId) {
        let start = self.running.iter().position(|open| *open == id).unwrap_or(0);
        let ring: Vec<NodeId> = self.running.iter().skip(start).copied().collect();
        let spans: Vec<(Arc<str>, Span, bool)> = ring
            .iter()
            .map(|id| {
                let node = self.node(*id);
                let own = matches!(node.origin.layer, Layer::Entry | Layer::Overlay);
                (node.key.clone(), node.origin.span, own)
            })
            .collect();
        for id in &ring {
            self.set_state(*id, State::Done(Value::Error));
        }
        // A ring of defaults alone is the schema's fault, and is reported there.
        let Some(first) = spans.iter().filter(|(_, _, own)| *own).min_by_key(|(_, span, _)| *span).cloned() else {
            return;
        };
        let mut finding = Diagnostic::new(Code::ValueCycle, first.1, format!("`{}` depends on itself", first.0))
            .primary_label("needs its own value")
            .help("every name means the final value: no earlier layer can be read; break the ring");
        for (key, span, _) in spans.iter().filter(|(_, span, _)| *span != first.1) {
            finding = finding.label(*span, format!("through `{key}`"));
        }
        self.report(finding);
    }
}
