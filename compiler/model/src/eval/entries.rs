//! Maps: a default that entries amend, entries that an overlay removes, and names that are references.

use std::sync::Arc;

use idpc_syntax::ast::{ExprKind, Literal};

use super::arena::{Arena, Kind, Node, NodeId};
use super::build::Spot;
use super::raw::{Child, Raw};
use crate::code::Code;
use crate::credential;
use crate::diagnostic::Diagnostic;
use crate::named::Named;
use crate::naming;
use crate::span::Span;
use crate::suggest::nearest;
use crate::ty::Ty;
use crate::value::{Layer, Origin};

impl<'a> Arena<'a> {
    pub(super) fn map_place(
        &mut self,
        spot: Spot<'_>,
        key: Option<Arc<str>>,
        value: &Ty,
        raw: &Raw<'a>,
        header: Span,
    ) -> NodeId {
        // A map that an expression gives as a whole; what is said below it amends it.
        let whole =
            raw.set.as_ref().filter(|setting| !matches!(setting.expr.kind, ExprKind::Record { schema: None, .. }));
        if whole.is_some() && raw.children.is_empty() {
            return self.leaf(spot, raw, header);
        }
        let origin = match &raw.set {
            Some(setting) => self.origin_of(&spot, setting, raw),
            None => {
                let (layer, span) = raw.opened.clone().unwrap_or((Layer::Unset, header));
                Origin { layer, span, overridden: raw.overridden.clone() }
            }
        };
        let id = self.push(Node {
            key: spot.key.clone(),
            parent: spot.parent,
            ty: spot.ty.clone(),
            declared: spot.field.map(|field| field.ty_span),
            origin,
            kind: Kind::Map { key: key.clone(), base: None, entries: Named::default(), removed: Vec::new() },
            env_prefixed: false,
            once: spot.once,
            deferred: spot.deferred,
        });
        let default = spot.field.and_then(|field| field.default.as_ref()).filter(|_| raw.set.is_none());
        let base = (whole.is_some() || default.is_some()).then(|| {
            let spot = Spot { parent: Some(id), key: spot.key.clone(), ty: spot.ty.clone(), ..spot };
            let own = Raw::of(whole.cloned(), raw.overridden.clone());
            self.leaf(spot, &own, header)
        });
        let (mut entries, mut removed) = (Vec::new(), Vec::new());
        for (name, child) in &raw.children {
            if is_removal(&child.raw) {
                self.removable(base.is_some(), name, child, raw);
                removed.push(name.clone());
                continue;
            }
            if let Some(root) = &key
                && !self.known_key(root, name, child.name)
            {
                continue;
            }
            if let Some(what) = credential::recognize(name) {
                self.report(credential::finding(child.name, what));
            }
            if let Ty::Schema(kind) = value.core()
                && self.context.set.is_a(kind, "resource")
                && let Some(finding) = naming::refused(name, child.name, naming::LONGEST_DEPLOYED)
            {
                self.report(finding);
            }
            let spot = Spot {
                key: name.clone(),
                parent: Some(id),
                ty: value.clone(),
                field: None,
                deferred: spot.deferred,
                once: spot.once,
            };
            let node = self.entry(spot, value, child);
            entries.push((name.clone(), node));
        }
        self.node_mut(id).kind = Kind::Map { key, base, entries: entries.into_iter().collect(), removed };
        id
    }

    /// Reports the removal of an entry that is not there. Which entries a computed map has is known too late for that.
    fn removable(&mut self, computed: bool, name: &str, child: &Child<'a>, map: &Raw<'a>) {
        if computed || child.raw.replaced {
            return;
        }
        let others = map.children.iter().filter(|(_, other)| !is_removal(&other.raw)).map(|(other, _)| &**other);
        let near = nearest(name, others).map(str::to_owned);
        self.report(
            Diagnostic::new(Code::NothingToAmend, child.name, format!("there is no `{name}` to remove"))
                .primary_label("nothing sets it before")
                .help("`none` takes away an entry that was set outside of the overlay; leave this line out")
                .did_you_mean(child.name, near.as_deref()),
        );
    }

    fn entry(&mut self, spot: Spot<'_>, value: &Ty, child: &Child<'a>) -> NodeId {
        let set = self.context.set;
        if let Ty::Schema(name) = value.core()
            && child.raw.set.is_none()
            && (set.parents.contains_key(name) || set.get(name).is_some_and(|schema| !schema.is_complete(set)))
            && set.parents.get(name).is_some_and(|children| !children.is_empty())
        {
            let key = &spot.key;
            self.report(
                Diagnostic::new(Code::NothingToAmend, child.name, format!("there is no `{key}` to amend"))
                    .primary_label("nothing sets it before")
                    .help(format!("say which kind it is: `{key} = KIND {{ … }}`")),
            );
            return self.failed(spot);
        }
        self.place(spot, &child.raw, child.name)
    }

    fn known_key(&mut self, schema: &str, name: &str, span: Span) -> bool {
        let root = self.context.set.get(schema).map_or(schema, |schema| schema.root());
        if self.context.index.instance(root, name).is_some() {
            return true;
        }
        let suggestion =
            nearest(name, self.context.index.all(root).into_iter().map(|known| &**known)).map(str::to_owned);
        self.report(
            Diagnostic::new(Code::UnknownReference, span, format!("there is no {root} `{name}`"))
                .primary_label("nothing declares it")
                .help(format!("declare `{root} {name}`, or name one that exists"))
                .did_you_mean(span, suggestion.as_deref()),
        );
        false
    }
}

fn is_removal(raw: &Raw<'_>) -> bool {
    raw.set.as_ref().is_some_and(|setting| matches!(setting.expr.kind, ExprKind::Literal(Literal::None)))
}
