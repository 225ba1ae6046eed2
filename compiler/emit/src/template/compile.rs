//! Compiles a template to a [`Program`], checking every path, place and block on the way.

use std::sync::Arc;

use super::ast::{Build, Cond, Each, If, Item, Path, Sink, Text, With};
use super::condition::facts;
use super::cursor::{Cursor, Spot};
use super::error::{Pos, TemplateError};
use super::escape::Escape;
use super::library::{Library, Source as Template};
use super::program::{DATA, FieldRef, How, Op, PathRef, Program, Source};
use super::scope::{Place, Problem, Scope};
use crate::shape::Shape;

/// The language of a whole file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// YAML.
    Yaml,
    /// YAML in which GitHub Actions evaluates `${{ … }}`.
    Workflow,
    /// Markdown.
    Markdown,
    /// Lines of text.
    #[default]
    Text,
    /// JSON.
    Json,
}

/// What a whole file is compiled for.
pub(crate) struct Job<'a> {
    pub library: &'a dyn Library,
    /// The shape of the context, and that of the static data of the target.
    pub root: Shape,
    pub data: Shape,
    pub format: Format,
    /// A condition that holds wherever the file is written.
    pub when: Option<&'a Cond>,
    /// The first number by which the program remembers where it found fields.
    pub first_hint: u32,
}

/// Compiles `template`, which is a whole file.
pub(crate) fn compile(template: &Template, job: &Job<'_>) -> (Program, Vec<TemplateError>) {
    let program = Program { hints: (job.first_hint, job.first_hint), format: job.format, ..Program::default() };
    let mut compiler = Compiler {
        library: job.library,
        format: job.format,
        program,
        errors: Vec::new(),
        open: Vec::new(),
        pos: Pos::START,
        file: 0,
    };
    let mut scope = Scope::new(job.root.clone(), job.data.clone());
    if let Some(cond) = job.when {
        scope.facts = facts(cond, &scope, true);
    }
    let mut frame = Frame { scope, indent: 0, guarded: false };
    let mut cursor = Cursor::file(job.format);
    compiler.template(template, &mut frame, &mut cursor, Spot::Alone);
    compiler.errors.sort();
    // A partial is compiled once for each place that uses it.
    compiler
        .errors
        .dedup_by(|one, other| (&one.file, one.pos, &one.message) == (&other.file, other.pos, &other.message));
    (compiler.program, compiler.errors)
}

/// What differs between the places of a template.
#[derive(Clone)]
pub(super) struct Frame {
    pub scope: Scope,
    /// How far lines are indented because of where the partial stands.
    pub indent: usize,
    /// Whether we are in a script, in which no value may stand.
    pub guarded: bool,
}

pub(super) struct Compiler<'a> {
    pub library: &'a dyn Library,
    format: Format,
    pub program: Program,
    pub errors: Vec<TemplateError>,
    /// The files being compiled, outermost first.
    pub open: Vec<String>,
    /// Where we are, for the origins of steps.
    pos: Pos,
    file: u16,
}

impl Compiler<'_> {
    /// Compiles a whole file in place.
    pub fn template(&mut self, template: &Template, frame: &mut Frame, cursor: &mut Cursor, spot: Spot) {
        let outer = (self.file, self.pos);
        self.file = self.file_number(&template.file);
        self.open.push(template.file.clone());
        match (spot, template.items.split_last()) {
            // Inside a line the final line break of a partial is not wanted.
            (Spot::Inside, Some((Item::Text(last), rest))) if last.text.ends_with('\n') => {
                self.items(rest, frame, cursor);
                let text = last.text.strip_suffix('\n').unwrap_or_default().to_owned();
                self.items(&[Item::Text(Text { text, pos: last.pos })], frame, cursor);
            }
            _ => self.items(&template.items, frame, cursor),
        }
        if spot == Spot::Alone && !cursor.is_fresh() && self.open.len() > 1 {
            self.text("\n", frame, cursor);
        }
        self.open.pop();
        (self.file, self.pos) = outer;
    }

    fn file_number(&mut self, file: &str) -> u16 {
        let known = self.program.files.iter().position(|known| &**known == file);
        let number = known.unwrap_or_else(|| {
            self.program.files.push(Arc::from(file));
            self.program.files.len() - 1
        });
        u16::try_from(number).unwrap_or(u16::MAX)
    }

    pub fn error(&mut self, pos: Pos, message: impl Into<String>) {
        let file = self.open.last().map_or("", String::as_str);
        self.errors.push(TemplateError::new(file, pos, message));
    }

    pub fn problem(&mut self, pos: Pos, problem: Problem) {
        let file = self.open.last().map_or("", String::as_str);
        let error = TemplateError::new(file, pos, problem.message);
        self.errors.push(TemplateError { help: problem.help, ..error });
    }

    fn check(&mut self, pos: Pos, result: Result<(), String>) {
        if let Err(message) = result {
            self.error(pos, message);
        }
    }

    /// Adds a step and returns its place.
    pub fn op(&mut self, op: Op) -> usize {
        self.program.ops.push(op);
        self.program.origins.push((self.file, self.pos));
        self.program.ops.len() - 1
    }

    /// The place of the next step.
    pub fn here(&self) -> u32 {
        u32::try_from(self.program.ops.len()).unwrap_or(u32::MAX)
    }

    /// Lets the jump at `place` go on here.
    pub fn land(&mut self, place: usize) {
        let here = self.here();
        match self.program.ops.get_mut(place) {
            Some(Op::Branch { otherwise: target, .. } | Op::Jump(target) | Op::Each { otherwise: target, .. }) => {
                *target = here
            }
            Some(Op::Dispatch { fallback, .. }) => *fallback = here,
            _ => {}
        }
    }

    pub fn items(&mut self, items: &[Item], frame: &mut Frame, cursor: &mut Cursor) {
        let mut rest = items;
        while let [item, next @ ..] = rest {
            match item {
                Item::Text(text) => {
                    self.pos = text.pos;
                    self.text(&text.text, frame, cursor);
                }
                Item::Value(path) => self.value(path, next, frame, cursor),
                Item::If(block) => self.choice(block, frame, cursor),
                Item::Each(block) => self.each(block, frame, cursor),
                Item::With(block) => self.with(block, frame, cursor),
                Item::Build(block) => self.build(block, next, frame, cursor),
                Item::Partial(partial) => {
                    self.pos = partial.pos;
                    self.partial(partial, frame, cursor);
                }
            }
            rest = next;
        }
    }

    fn text(&mut self, text: &str, frame: &Frame, cursor: &mut Cursor) {
        let pos = self.pos;
        let mut written = String::with_capacity(text.len());
        for line in text.split_inclusive('\n') {
            if frame.indent == 0 && cursor.is_document_break(line) {
                self.literal(&written);
                written.clear();
                self.op(Op::Document);
                continue;
            }
            if !line.trim().is_empty() || !line.ends_with('\n') {
                written.push_str(&self.start_line(frame, cursor));
            }
            match cursor.text(line) {
                Ok(line) => written.push_str(&line),
                Err(message) => self.error(pos, message),
            }
        }
        self.literal(&written);
    }

    /// The indentation of the partial that we are in, if we are at the start of a line.
    fn start_line(&mut self, frame: &Frame, cursor: &mut Cursor) -> String {
        if frame.indent == 0 || !cursor.is_fresh() {
            return String::new();
        }
        cursor.text(&" ".repeat(frame.indent)).unwrap_or_default()
    }

    /// Adds static text.
    fn literal(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        let number = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        let start = number(self.program.text.len());
        self.program.text.push_str(text);
        let end = number(self.program.text.len());
        self.op(Op::Text { start, end });
    }

    /// Resolves a path for a step.
    pub fn path_ref(&mut self, place: &Place) -> PathRef {
        let fields = place.fields.iter().map(|name| {
            let hint = self.program.hints.1;
            self.program.hints.1 += 1;
            FieldRef { name: name.as_str().into(), hint }
        });
        let fields = fields.collect();
        PathRef { slot: place.slot, fields, of_loop: place.of_loop }
    }

    pub fn find(&mut self, path: &Path, scope: &Scope) -> Option<Place> {
        scope.find(path).map_err(|problem| self.problem(path.pos, problem)).ok()
    }

    fn value(&mut self, path: &Path, next: &[Item], frame: &Frame, cursor: &mut Cursor) {
        self.pos = path.pos;
        let place = self.find(path, &frame.scope);
        let guarded = frame.guarded || cursor.is_script(self.format);
        if guarded && place.as_ref().is_some_and(|place| place.slot != DATA) {
            return self.error(path.pos, "no value can stand in a script: pass it through `env:`");
        }
        let padding = self.start_line(frame, cursor);
        self.literal(&padding);
        let how = cursor.value(next).map_err(|message| self.error(path.pos, message)).ok();
        if let (Some(place), Some(how)) = (place, how) {
            if let Err(message) = suits(&place.shape, how, &path.raw) {
                self.error(path.pos, message);
            }
            let path = self.path_ref(&place);
            self.op(Op::Write { path, how });
        }
    }

    fn choice(&mut self, block: &If, frame: &mut Frame, cursor: &mut Cursor) {
        self.pos = block.pos;
        let cond = self.cond(&block.cond, &frame.scope);
        let branch = self.op(Op::Branch { cond, otherwise: 0 });
        let known = frame.scope.facts.len();
        let mut other = cursor.clone();
        let held = facts(&block.cond, &frame.scope, true);
        frame.scope.facts.extend(held);
        self.items(&block.then, frame, cursor);
        frame.scope.facts.truncate(known);
        if block.otherwise.is_empty() {
            self.land(branch);
        } else {
            let jump = self.op(Op::Jump(0));
            self.land(branch);
            let held = facts(&block.cond, &frame.scope, false);
            frame.scope.facts.extend(held);
            self.items(&block.otherwise, frame, &mut other);
            frame.scope.facts.truncate(known);
            self.land(jump);
        }
        self.check(block.pos, cursor.merge(other));
    }

    fn each(&mut self, block: &Each, frame: &mut Frame, cursor: &mut Cursor) {
        self.pos = block.pos;
        let Some(over) = self.find(&block.over, &frame.scope) else {
            return;
        };
        let Some((shape, keyed)) = items_of(&over.shape) else {
            let message = format!("`{}` is {}: there is nothing to loop over", block.over.raw, over.shape.describe());
            return self.error(block.pos, message);
        };
        let mut inner = frame.clone();
        let (item, state) = (inner.scope.take_slot(), inner.scope.take_slot());
        self.use_slots(&inner.scope);
        let place = Place::slot(item, shape);
        if let Some(name) = &block.names.item {
            inner.scope.bind(name, place.clone());
        }
        if let Some(name) = &block.names.key {
            let (field, shape) = if keyed {
                (super::ast::LoopField::Key, Shape::Text)
            } else {
                (super::ast::LoopField::Index, Shape::Number)
            };
            inner.scope.bind(name, Place { of_loop: Some(field), ..Place::slot(state, shape) });
        }
        inner.scope.item = Some(place);
        inner.scope.looping = Some((state, keyed));
        let over = self.path_ref(&over);
        let start = self.op(Op::Each { over, item, state, otherwise: 0 });
        let body = self.here();
        let before = cursor.clone();
        let mut other = cursor.clone();
        self.items(&block.body, &mut inner, cursor);
        self.check(block.pos, cursor.merge(before));
        self.op(Op::Next { body });
        let jump = self.op(Op::Jump(0));
        self.land(start);
        self.items(&block.otherwise, frame, &mut other);
        self.land(jump);
        self.check(block.pos, cursor.merge(other));
    }

    fn with(&mut self, block: &With, frame: &mut Frame, cursor: &mut Cursor) {
        self.pos = block.pos;
        let place = match frame.scope.try_find(&block.subject) {
            Ok(place) => place,
            Err(problem) => return self.problem(block.pos, problem),
        };
        let reference = self.path_ref(&place);
        let branch = self.op(Op::Branch { cond: super::program::Test::Truthy(reference), otherwise: 0 });
        let mut inner = frame.clone();
        let slot = inner.scope.take_slot();
        self.use_slots(&inner.scope);
        inner.scope.facts.push(place.clone());
        let set = match &place.shape {
            Shape::Optional(set) => Shape::clone(set),
            set => set.clone(),
        };
        let value = Source::Path(self.path_ref(&place));
        self.op(Op::Bind { slot, value });
        let bound = Place::slot(slot, set);
        if let Some(name) = &block.name {
            inner.scope.bind(name, bound.clone());
        }
        inner.scope.item = Some(bound);
        let mut other = cursor.clone();
        self.items(&block.body, &mut inner, cursor);
        let jump = self.op(Op::Jump(0));
        self.land(branch);
        self.items(&block.otherwise, frame, &mut other);
        self.land(jump);
        self.check(block.pos, cursor.merge(other));
    }

    pub fn use_slots(&mut self, scope: &Scope) {
        self.program.slots = self.program.slots.max(usize::from(scope.free));
    }

    fn build(&mut self, block: &Build, next: &[Item], frame: &Frame, cursor: &mut Cursor) {
        self.pos = block.pos;
        let script = cursor.is_script(self.format);
        let padding = self.start_line(frame, cursor);
        self.literal(&padding);
        let how = match cursor.string(next, block.sink == Sink::Json) {
            Ok(how) => how,
            Err(message) => return self.error(block.pos, message),
        };
        let open = self.op(Op::Open);
        let mut inner = frame.clone();
        inner.indent = 0;
        inner.guarded |= script;
        let mut text = Cursor::string_block(block.sink);
        self.items(&block.body, &mut inner, &mut text);
        self.check(block.pos, text.finish());
        self.pos = block.pos;
        self.op(Op::Close { how, several_lines: block.several_lines });
        if block.sink == Sink::Json
            && let Err(message) = super::sample::check_json(&self.program, open)
        {
            self.error(block.pos, message);
        }
    }
}

/// The shape of the items of a collection, and whether they have keys.
fn items_of(shape: &Shape) -> Option<(Shape, bool)> {
    match shape {
        Shape::List(item) => Some((Shape::clone(item), false)),
        Shape::Map(value) => Some((Shape::clone(value), true)),
        Shape::Record(fields) => {
            let mut shapes = fields.values();
            let first = shapes.next()?;
            let same = shapes.all(|shape| shape == first);
            Some((if same { first.clone() } else { Shape::Any }, true))
        }
        _ => None,
    }
}

/// Whether a value of `shape` can be written as `how` says.
fn suits(shape: &Shape, how: How, raw: &str) -> Result<(), String> {
    let collection = matches!(shape, Shape::List(_) | Shape::Map(_) | Shape::Record(_));
    match how {
        How::Key(_) if collection || *shape == Shape::Any => {
            Err(format!("`{raw}` is {}: a key is a text", shape.describe()))
        }
        How::Own { .. } if !collection && *shape != Shape::Any => Err(format!(
            "`{raw}` is {}: on a line of its own only a map or a list can stand; write it after `key: ` or `- `",
            shape.describe()
        )),
        How::Part(Escape::JsonValue) => Ok(()),
        How::Part(Escape::ShellWord) if matches!(shape, Shape::List(item) if **item == Shape::Text) => Ok(()),
        How::Part(_) if collection || *shape == Shape::Any => {
            Err(format!("`{raw}` is {}: inside a text only a single value can stand", shape.describe()))
        }
        _ => Ok(()),
    }
}
