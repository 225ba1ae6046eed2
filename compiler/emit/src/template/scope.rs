//! The names that a template can use at a place, with their shapes, and what is known to be set there.

use std::sync::Arc;

use super::ast::{LoopField, Path, Root};
use super::error::nearest;
use super::program::{DATA, ROOT};
use crate::shape::Shape;

/// What is in scope.
#[derive(Clone)]
pub(super) struct Scope {
    pub root: Shape,
    pub data: Shape,
    pub bindings: Vec<Binding>,
    /// Names bound around the partial that we are in, which it does not see.
    pub hidden: Vec<String>,
    /// `this`.
    pub item: Option<Place>,
    /// The slot of the state of the innermost loop, and whether it runs over a map.
    pub looping: Option<(u16, bool)>,
    /// Places known to be set.
    pub facts: Vec<Place>,
    /// The first slot that is free.
    pub free: u16,
}

/// A bound name.
#[derive(Clone)]
pub(super) struct Binding {
    pub name: String,
    pub place: Place,
}

/// A value as found from a slot through fields.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub slot: u16,
    pub fields: Vec<String>,
    pub of_loop: Option<LoopField>,
    pub shape: Shape,
}

/// What is wrong with a path, and what to do.
pub(super) struct Problem {
    pub message: String,
    pub help: Option<String>,
}

impl Problem {
    pub fn new(message: impl Into<String>, help: Option<String>) -> Self {
        Self { message: message.into(), help }
    }
}

impl Place {
    pub fn slot(slot: u16, shape: Shape) -> Self {
        Self { slot, fields: Vec::new(), of_loop: None, shape }
    }
}

impl Scope {
    pub fn new(root: Shape, data: Shape) -> Self {
        Self {
            root,
            data,
            bindings: Vec::new(),
            hidden: Vec::new(),
            item: None,
            looping: None,
            facts: Vec::new(),
            free: DATA + 1,
        }
    }

    /// A slot that nothing else uses here.
    pub fn take_slot(&mut self) -> u16 {
        let slot = self.free;
        self.free = self.free.saturating_add(1);
        slot
    }

    pub fn bind(&mut self, name: &str, place: Place) {
        self.bindings.push(Binding { name: name.to_owned(), place });
    }

    /// The scope of a partial: the context and what is known, but none of the names bound outside.
    pub fn for_partial(&self) -> Self {
        let bound = self.bindings.iter().map(|binding| binding.name.clone());
        Self {
            bindings: Vec::new(),
            hidden: self.hidden.iter().cloned().chain(bound).collect(),
            item: None,
            looping: None,
            ..self.clone()
        }
    }

    /// Resolves `path` to a value that is certainly set.
    pub fn find(&self, path: &Path) -> Result<Place, Problem> {
        let (place, unset) = self.walk(path)?;
        match unset {
            None => Ok(place),
            Some(name) => Err(Problem::new(
                format!("`{name}` may be unset here"),
                Some(format!("guard it with `{{{{#if {name}}}}}…{{{{/if}}}}`")),
            )),
        }
    }

    /// Resolves `path` to a value that may be unset; its shape says so.
    pub fn try_find(&self, path: &Path) -> Result<Place, Problem> {
        let (place, unset) = self.walk(path)?;
        let shape = if unset.is_some() { place.shape.optional() } else { place.shape };
        Ok(Place { shape, ..place })
    }

    /// The place, and the first part of the path that may be unset.
    fn walk(&self, path: &Path) -> Result<(Place, Option<String>), Problem> {
        let (mut place, mut name) = self.start(path)?;
        let mut unset = None;
        for field in &path.fields {
            self.strip(&mut place, &name, &mut unset);
            place.shape = step(&place.shape, &name, field)?;
            place.fields.push(field.clone());
            name = format!("{name}.{field}");
        }
        self.strip(&mut place, &name, &mut unset);
        Ok((place, unset))
    }

    /// Takes the `Optional` from the shape and notes it unless the place is known to be set.
    fn strip(&self, place: &mut Place, name: &str, unset: &mut Option<String>) {
        while let Shape::Optional(inner) = &place.shape {
            let inner = Shape::clone(inner);
            if !self.knows(place) && unset.is_none() {
                *unset = Some(name.to_owned());
            }
            place.shape = inner;
        }
    }

    fn knows(&self, place: &Place) -> bool {
        self.facts.iter().any(|fact| fact.slot == place.slot && fact.fields.starts_with(&place.fields))
    }

    fn start(&self, path: &Path) -> Result<(Place, String), Problem> {
        match &path.root {
            Root::This => match &self.item {
                Some(item) => Ok((item.clone(), "this".to_owned())),
                None => Err(Problem::new("`this` exists only inside `{{#each}}` and `{{#with}}`", None)),
            },
            Root::Loop(field) => self.loop_field(*field).map(|place| (place, path.raw.clone())),
            Root::Name(name) => {
                if let Some(binding) = self.bindings.iter().rev().find(|binding| binding.name == *name) {
                    return Ok((binding.place.clone(), name.clone()));
                }
                if name == "data" {
                    return Ok((Place::slot(DATA, self.data.clone()), name.clone()));
                }
                match self.root.field(name) {
                    Some(shape) => {
                        let place =
                            Place { slot: ROOT, fields: vec![name.clone()], of_loop: None, shape: shape.clone() };
                        Ok((place, name.clone()))
                    }
                    None => Err(self.unknown(name)),
                }
            }
        }
    }

    fn loop_field(&self, field: LoopField) -> Result<Place, Problem> {
        let Some((slot, keyed)) = self.looping else {
            return Err(Problem::new("this exists only inside `{{#each}}`", None));
        };
        let shape = match field {
            LoopField::Index => Shape::Number,
            LoopField::Key if keyed => Shape::Text,
            LoopField::Key => {
                return Err(Problem::new(
                    "`@key` exists only in a loop over a map; a loop over a list has `@index`",
                    None,
                ));
            }
            LoopField::First | LoopField::Last => Shape::Bool,
        };
        Ok(Place { slot, fields: Vec::new(), of_loop: Some(field), shape })
    }

    fn unknown(&self, name: &str) -> Problem {
        let message = format!("there is no `{name}` here");
        if self.hidden.iter().any(|hidden| hidden == name) {
            let help =
                format!("a partial does not see names bound outside of it; pass this one: `{{{{> … {name}={name}}}}}`");
            return Problem::new(message, Some(help));
        }
        if let Some(item) = &self.item
            && item.shape.field(name).is_some()
        {
            return Problem::new(
                message,
                Some(format!("names start from the context; the current item has it: `this.{name}`")),
            );
        }
        let fields = match &self.root {
            Shape::Record(fields) => Some(fields.keys().map(String::as_str)),
            _ => None,
        };
        let names = fields
            .into_iter()
            .flatten()
            .chain(self.bindings.iter().map(|binding| binding.name.as_str()))
            .chain(["data"]);
        Problem::new(message, help(name, names.collect()))
    }
}

/// The shape of `field` of a value of `shape`, which the template calls `name`.
fn step(shape: &Shape, name: &str, field: &str) -> Result<Shape, Problem> {
    match shape {
        Shape::Record(fields) => match fields.get(field) {
            Some(shape) => Ok(shape.clone()),
            None => Err(Problem::new(
                format!("`{name}` has no field `{field}`"),
                help(field, fields.keys().map(String::as_str).collect()),
            )),
        },
        Shape::Map(value) => Ok(Shape::Optional(Arc::clone(value))),
        Shape::Any => Err(Problem::new(format!("`{name}` may have any form, so it can only be written whole"), None)),
        other => Err(Problem::new(format!("`{name}` is {}, which has no field `{field}`", other.describe()), None)),
    }
}

fn help(name: &str, names: Vec<&str>) -> Option<String> {
    match nearest(name, names.iter().copied()) {
        Some(known) => Some(format!("did you mean `{known}`?")),
        None if names.is_empty() => None,
        None => Some(format!("there are: {}", names.join(", "))),
    }
}
