//! The shapes of all contexts, from the schemas of a model.

use std::collections::BTreeSet;

use idpc_model::schema::SchemaSet;

use crate::shape::{Per, Shape, ShapeSource};
use crate::view::shapes;

/// The shapes of all contexts, from the schemas.
pub(crate) struct ModelShapes<'s> {
    pub set: &'s SchemaSet,
}

impl ModelShapes<'_> {
    fn below(&self, root: &str) -> Vec<String> {
        let names: BTreeSet<String> = self
            .set
            .descendants(root)
            .into_iter()
            .filter(|schema| !schema.name.contains(['.', ':']))
            .map(|schema| schema.name.to_string())
            .collect();
        names.into_iter().collect()
    }
}

impl ShapeSource for ModelShapes<'_> {
    fn context(&self, per: Per) -> Option<Shape> {
        Some(match per {
            Per::Service => shapes::service(self.set, "service"),
            Per::Resource => shapes::resource(self.set),
            Per::Environment => shapes::environment(self.set),
            Per::Kind => shapes::kind(self.set),
            Per::Project => shapes::project(self.set),
            Per::Repository => shapes::repository(self.set),
            Per::Workspace => shapes::workspace(self.set),
        })
    }

    fn kinds(&self) -> Vec<String> {
        self.below("resource")
    }

    fn paths(&self) -> Vec<String> {
        self.below("service")
    }

    fn ancestors(&self, schema: &str) -> Vec<String> {
        self.set.get(schema).map(|schema| schema.chain.iter().map(ToString::to_string).collect()).unwrap_or_default()
    }

    fn need_value(&self, kind: &str) -> Option<Shape> {
        shapes::need(self.set, Some(kind)).field("value").cloned()
    }

    fn service(&self, path: &str) -> Option<Shape> {
        shapes::service(self.set, path).field("service").cloned()
    }
}
