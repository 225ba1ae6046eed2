//! Compiles the use of a partial: in place, and for the partials of kinds and paths once for each of them.

use super::ast::{Folder, Partial};
use super::compile::{Compiler, Frame};
use super::cursor::{Cursor, Spot};
use super::error::{TemplateError, nearest};
use super::library::Source as Template;
use super::program::{Op, PathRef, Source};
use super::scope::{Place, Scope};
use crate::shape::Shape;

/// A partial that one or several schemas use, with the shape that it sees.
struct Variant<'a> {
    template: &'a Template,
    shape: Option<Shape>,
    schemas: Vec<String>,
}

impl<'a> Compiler<'a> {
    /// Compiles the use of a partial.
    pub fn partial(&mut self, partial: &Partial, frame: &Frame, cursor: &mut Cursor) {
        let mut inner = frame.clone();
        inner.scope = frame.scope.for_partial();
        if partial.alone {
            inner.indent += partial.indent;
        }
        for (name, operand) in &partial.bindings {
            let (source, shape) = self.operand(operand, &frame.scope);
            self.bind(name, source, shape, &mut inner.scope);
        }
        match partial.folder {
            Folder::Shared => self.shared(partial, &mut inner, cursor),
            Folder::Kind | Folder::Path => self.typed(partial, frame, inner, cursor),
        }
    }

    fn bind(&mut self, name: &str, value: Source, shape: Shape, scope: &mut Scope) {
        let slot = scope.take_slot();
        self.use_slots(scope);
        self.op(Op::Bind { slot, value });
        scope.bind(name, Place::slot(slot, shape));
    }

    fn shared(&mut self, partial: &Partial, inner: &mut Frame, cursor: &mut Cursor) {
        let library = self.library;
        match library.partial(Folder::Shared, "", &partial.name) {
            Some(template) => self.enter(template, partial, inner, cursor),
            None => self.unknown(partial),
        }
    }

    /// Compiles `template` in place, unless we are inside it already.
    fn enter(&mut self, template: &Template, partial: &Partial, inner: &mut Frame, cursor: &mut Cursor) {
        if self.open.contains(&template.file) {
            return self.error(partial.pos, format!("`{}` uses itself", template.file));
        }
        let spot = if partial.alone { Spot::Alone } else { Spot::Inside };
        self.template(template, inner, cursor, spot);
    }

    fn unknown(&mut self, partial: &Partial) {
        let (folder, names) = match partial.folder {
            Folder::Shared => ("partials", self.library.names(Folder::Shared)),
            Folder::Kind => ("kinds/<kind>", self.library.names(Folder::Kind)),
            Folder::Path => ("paths/<path>", self.library.names(Folder::Path)),
        };
        let file = self.open.last().map_or("", String::as_str);
        let error =
            TemplateError::new(file, partial.pos, format!("there is no partial `{folder}/{}.hbs`", partial.name));
        let help = match nearest(&partial.name, names.iter().copied()) {
            Some(known) => Some(format!("did you mean `{known}`?")),
            None if names.is_empty() => None,
            None => Some(format!("there are: {}", names.join(", "))),
        };
        self.errors.push(TemplateError { help, ..error });
    }

    /// A partial that depends on the kind of a need or on the golden path.
    fn typed(&mut self, partial: &Partial, frame: &Frame, mut inner: Frame, cursor: &mut Cursor) {
        let subject = match &partial.subject {
            Some(path) => match self.find(path, &frame.scope) {
                Some(place) => Some(place),
                None => return,
            },
            None => None,
        };
        let Some(selector) = self.selector(partial, subject.as_ref(), &inner.scope) else {
            return;
        };
        let bound = subject.map(|subject| {
            let name = if subject.shape.field("kind").is_some() { "need" } else { "kind" };
            let value = Source::Path(self.path_ref(&subject));
            self.bind(name, value, subject.shape, &mut inner.scope);
            name
        });
        let variants = self.variants(partial, &inner.scope, bound);
        let library = self.library;
        let fallback = library.partial(Folder::Shared, "", &partial.name);
        if variants.is_empty() && fallback.is_none() && !library.names(partial.folder).contains(&partial.name.as_str())
        {
            return self.unknown(partial);
        }
        self.dispatch(partial, selector, variants, fallback, &inner, bound, cursor);
    }

    /// Where the name of the kind or the path is found.
    fn selector(&mut self, partial: &Partial, subject: Option<&Place>, scope: &Scope) -> Option<PathRef> {
        let in_root = |name: &str| {
            let shape = scope.root.field(name)?.clone();
            Some(Place { slot: super::program::ROOT, fields: vec![name.to_owned()], of_loop: None, shape })
        };
        let place = match (partial.folder, subject) {
            (Folder::Path, _) => in_root("golden_path"),
            (_, None) => in_root("kind_name"),
            (_, Some(subject)) => {
                let name = if subject.shape.field("kind").is_some() { "kind" } else { "name" };
                subject.shape.field(name).cloned().map(|shape| {
                    let fields = subject.fields.iter().cloned().chain([name.to_owned()]).collect();
                    Place { fields, shape, ..subject.clone() }
                })
            }
        };
        match place.filter(|place| place.shape == Shape::Text) {
            Some(place) => Some(self.path_ref(&place)),
            None => {
                let message = match partial.folder {
                    Folder::Path => "`{{> path/…}}` needs a context with a `golden_path`",
                    _ => "`{{> kind/…}}` needs a value with a `kind`, or a context with a `kind_name`",
                };
                self.error(partial.pos, message);
                None
            }
        }
    }

    /// The partials that kinds or paths have, each with all that see the same of it.
    fn variants(&self, partial: &Partial, scope: &Scope, bound: Option<&str>) -> Vec<Variant<'a>> {
        let library = self.library;
        let shapes = library.shapes();
        let schemas = if partial.folder == Folder::Path { shapes.paths() } else { shapes.kinds() };
        let need = scope
            .bindings
            .iter()
            .find(|binding| Some(binding.name.as_str()) == bound)
            .map(|binding| &binding.place.shape);
        let mut variants: Vec<Variant<'a>> = Vec::new();
        for schema in schemas {
            let found = shapes
                .ancestors(&schema)
                .into_iter()
                .find_map(|ancestor| library.partial(partial.folder, &ancestor, &partial.name));
            let Some(template) = found else { continue };
            let shape = match partial.folder {
                Folder::Path => shapes.service(&schema).map(|service| scope.root.with_field("service", service)),
                _ => need.and_then(|need| Some(need.with_field("value", shapes.need_value(&schema)?))),
            };
            match variants.iter_mut().find(|variant| variant.template.file == template.file && variant.shape == shape) {
                Some(variant) => variant.schemas.push(schema),
                None => variants.push(Variant { template, shape, schemas: vec![schema] }),
            }
        }
        variants
    }

    #[expect(clippy::too_many_arguments, reason = "all of it is the one use of a partial that is being compiled")]
    fn dispatch(
        &mut self,
        partial: &Partial,
        path: PathRef,
        variants: Vec<Variant<'_>>,
        fallback: Option<&Template>,
        inner: &Frame,
        bound: Option<&str>,
        cursor: &mut Cursor,
    ) {
        let start = self.op(Op::Dispatch { path, table: Vec::new(), fallback: 0 });
        let mut table = Vec::new();
        let mut jumps = Vec::new();
        let before = cursor.clone();
        let mut after: Option<Cursor> = None;
        for variant in variants {
            let here = self.here();
            table.extend(variant.schemas.iter().map(|schema| (schema.as_str().into(), here)));
            let mut frame = inner.clone();
            if let Some(shape) = variant.shape {
                set_shape(&mut frame.scope, partial.folder, bound, shape);
            }
            let mut end = before.clone();
            let known = self.errors.len();
            self.enter(variant.template, partial, &mut frame, &mut end);
            let schemas = variant.schemas.join("`, `");
            for error in self.errors.iter_mut().skip(known).filter(|error| error.help.is_none()) {
                error.help = Some(format!("found while checking it for `{schemas}`"));
            }
            jumps.push(self.op(Op::Jump(0)));
            self.meet(&mut after, end, partial);
        }
        self.land(start);
        let mut end = before;
        if let Some(template) = fallback {
            let mut frame = inner.clone();
            self.enter(template, partial, &mut frame, &mut end);
        }
        self.meet(&mut after, end, partial);
        for jump in jumps {
            self.land(jump);
        }
        if let Some(Op::Dispatch { table: empty, .. }) = self.program.ops.get_mut(start) {
            *empty = table;
        }
        *cursor = after.unwrap_or_else(|| cursor.clone());
    }

    fn meet(&mut self, after: &mut Option<Cursor>, end: Cursor, partial: &Partial) {
        match after {
            None => *after = Some(end),
            Some(after) => {
                if let Err(message) = after.merge(end) {
                    self.error(partial.pos, message);
                }
            }
        }
    }
}

/// Makes `shape` known inside the partial.
fn set_shape(scope: &mut Scope, folder: Folder, bound: Option<&str>, shape: Shape) {
    if folder == Folder::Path {
        scope.root = shape;
    } else if let Some(binding) = scope.bindings.iter_mut().find(|binding| Some(binding.name.as_str()) == bound) {
        binding.place.shape = shape;
    }
}
