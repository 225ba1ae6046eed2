//! Runs a compiled template over data.
//!
//! A run cannot fail: what does not fit the shapes that the template was checked against is noted as a fault, and
//! something harmless is written instead.

use std::cmp::Ordering;
use std::sync::Arc;

use super::actions;
use super::ast::{Comparison, LoopField};
use super::compile::Format;
use super::error::Pos;
use super::escape::{self, Escape};
use super::program::{How, Op, PathRef, Program, Source, Test};
use super::value::{Value, compare, is_truthy, scalar_text, text_of};
use crate::node::Node;
use crate::yaml;

/// Memory that runs share: where fields were found last time, and a page to write on.
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    hints: Vec<u32>,
    /// Long enough for the longest text so far.
    pub(crate) page: String,
}

/// Data that does not have the shape that the template was checked against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The template, relative to the target's folder.
    pub file: String,
    /// Where in the template.
    pub pos: Pos,
    /// What is wrong.
    pub message: String,
}

/// What a slot holds.
#[derive(Clone, Copy)]
enum Slot<'a> {
    Value(Value<'a>),
    Loop { index: usize, length: usize, key: Option<&'a Arc<str>> },
}

/// A loop that is running.
#[derive(Clone, Copy)]
struct Loop<'a> {
    items: Items<'a>,
    index: usize,
    item: u16,
    state: u16,
}

#[derive(Clone, Copy)]
enum Items<'a> {
    List(&'a [Node]),
    Map(&'a [(Arc<str>, Node)]),
}

impl<'a> Items<'a> {
    fn len(self) -> usize {
        match self {
            Self::List(items) => items.len(),
            Self::Map(entries) => entries.len(),
        }
    }

    fn get(self, index: usize) -> Option<(Option<&'a Arc<str>>, &'a Node)> {
        match self {
            Self::List(items) => items.get(index).map(|item| (None, item)),
            Self::Map(entries) => entries.get(index).map(|(key, value)| (Some(key), value)),
        }
    }
}

static NULL: Node = Node::Null;

impl Program {
    /// Writes the text for `context` to `out`.
    ///
    /// In a YAML file, empty documents are left out and the text never starts with `---`.
    pub fn render(&self, context: &Node, data: &Node, scratch: &mut Scratch, out: &mut String) -> Vec<Fault> {
        let hints = usize::try_from(self.hints.1).unwrap_or(usize::MAX);
        if scratch.hints.len() < hints {
            scratch.hints.resize(hints, 0);
        }
        let mut slots = vec![Slot::Value(Value::Node(&NULL)); self.slots.max(2)];
        for (slot, node) in slots.iter_mut().zip([context, data]) {
            *slot = Slot::Value(Value::Node(node));
        }
        let mut run = Run {
            program: self,
            hints: &mut scratch.hints,
            slots,
            loops: Vec::new(),
            outer: Vec::new(),
            start: out.len(),
            document: out.len(),
            out,
            faults: Vec::new(),
            at: 0,
        };
        run.run();
        run.end();
        run.faults
    }
}

struct Run<'a, 'o> {
    program: &'a Program,
    hints: &'o mut Vec<u32>,
    slots: Vec<Slot<'a>>,
    loops: Vec<Loop<'a>>,
    /// The texts around the strings that are being built.
    outer: Vec<String>,
    out: &'o mut String,
    /// Where the file and its current document start.
    start: usize,
    document: usize,
    faults: Vec<Fault>,
    at: usize,
}

impl<'a> Run<'a, '_> {
    fn run(&mut self) {
        let program = self.program;
        while let Some(op) = program.ops.get(self.at) {
            self.at += 1;
            match op {
                Op::Text { start, end } => {
                    let text = program.text.get(*start as usize..*end as usize);
                    self.out.push_str(text.unwrap_or_default());
                }
                Op::Write { path, how } => {
                    let value = self.find(path);
                    self.write(value, *how);
                }
                Op::Open => self.outer.push(std::mem::take(self.out)),
                Op::Close { how, several_lines } => self.close(*how, *several_lines),
                Op::Branch { cond, otherwise } => {
                    if !self.holds(cond) {
                        self.at = *otherwise as usize;
                    }
                }
                Op::Jump(target) => self.at = *target as usize,
                Op::Each { over, item, state, otherwise } => self.each(over, *item, *state, *otherwise),
                Op::Next { body } => self.next(*body),
                Op::Bind { slot, value } => {
                    let value = self.source(value);
                    self.set(*slot, Slot::Value(value));
                }
                Op::Dispatch { path, table, fallback } => {
                    let value = self.find(path);
                    let found = text_of(value).and_then(|text| table.iter().find(|(name, _)| **name == *text));
                    self.at = found.map_or(*fallback, |(_, target)| *target) as usize;
                }
                Op::Document => self.next_document(),
            }
        }
    }

    fn set(&mut self, slot: u16, value: Slot<'a>) {
        if let Some(place) = self.slots.get_mut(usize::from(slot)) {
            *place = value;
        }
    }

    fn fault(&mut self, message: impl Into<String>) {
        let origin = self.program.origins.get(self.at.saturating_sub(1));
        let (file, pos) = origin.copied().unwrap_or((0, Pos::START));
        let file = self.program.files.get(usize::from(file)).map_or_else(String::new, |file| file.to_string());
        self.faults.push(Fault { file, pos, message: message.into() });
    }

    fn find(&mut self, path: &PathRef) -> Value<'a> {
        let value = match (self.slots.get(usize::from(path.slot)), path.of_loop) {
            (Some(Slot::Loop { index, length, key }), Some(field)) => {
                return match field {
                    LoopField::Index => Value::Number(*index),
                    LoopField::Key => key.map_or(Value::Node(&NULL), Value::Text),
                    LoopField::First => Value::Flag(*index == 0),
                    LoopField::Last => Value::Flag(*index + 1 == *length),
                };
            }
            (Some(Slot::Value(value)), _) => *value,
            _ => Value::Node(&NULL),
        };
        if path.fields.is_empty() {
            return value;
        }
        let Value::Node(mut node) = value else {
            return Value::Node(&NULL);
        };
        for field in &path.fields {
            let Node::Map(entries) = node else {
                return Value::Node(&NULL);
            };
            let hint = self.hints.get_mut(field.hint as usize);
            let remembered =
                hint.as_ref().and_then(|hint| entries.get(**hint as usize)).filter(|(key, _)| **key == *field.name);
            node = match remembered {
                Some((_, node)) => node,
                None => {
                    let Some(index) = entries.iter().position(|(key, _)| **key == *field.name) else {
                        return Value::Node(&NULL);
                    };
                    if let Some(hint) = hint {
                        *hint = u32::try_from(index).unwrap_or(u32::MAX);
                    }
                    entries.get(index).map_or(&NULL, |(_, node)| node)
                }
            };
        }
        Value::Node(node)
    }

    fn source(&mut self, source: &'a Source) -> Value<'a> {
        match source {
            Source::Path(path) => self.find(path),
            Source::Literal(node) => Value::Node(node),
        }
    }

    fn each(&mut self, over: &PathRef, item: u16, state: u16, otherwise: u32) {
        let items = match self.find(over) {
            Value::Node(Node::List(items)) => Items::List(items),
            Value::Node(Node::Map(entries)) => Items::Map(entries),
            _ => {
                self.fault("a list or a map was expected");
                Items::List(&[])
            }
        };
        let start = Loop { items, index: 0, item, state };
        if self.enter(start) {
            self.loops.push(start);
        } else {
            self.at = otherwise as usize;
        }
    }

    /// Sets the slots for the current step of a loop, if there is one.
    fn enter(&mut self, step: Loop<'a>) -> bool {
        let Some((key, node)) = step.items.get(step.index) else {
            return false;
        };
        self.set(step.item, Slot::Value(Value::Node(node)));
        self.set(step.state, Slot::Loop { index: step.index, length: step.items.len(), key });
        true
    }

    fn next(&mut self, body: u32) {
        let Some(mut step) = self.loops.pop() else {
            return;
        };
        step.index += 1;
        if self.enter(step) {
            self.loops.push(step);
            self.at = body as usize;
        }
    }

    /// Ends a document and starts the next one; an empty document leaves nothing behind.
    fn next_document(&mut self) {
        self.end_document();
        if self.out.len() > self.start && !self.out.ends_with("\n---\n") {
            self.out.push_str("---\n");
        }
        self.document = self.out.len();
    }

    fn end_document(&mut self) {
        if !matches!(self.program.format, Format::Yaml | Format::Workflow) {
            return;
        }
        let text = self.out.get(self.document..).unwrap_or_default();
        if text.lines().all(|line| line.trim().is_empty() || line.starts_with('#')) {
            self.out.truncate(self.document);
        } else if !self.out.ends_with('\n') {
            self.out.push('\n');
        }
    }

    /// Ends the file: the last document may have been empty.
    fn end(&mut self) {
        self.end_document();
        if self.out.len() == self.document && self.out.len() > self.start && self.out.ends_with("---\n") {
            self.out.truncate(self.out.len() - "---\n".len());
        }
    }

    fn close(&mut self, how: How, several_lines: bool) {
        let outer = self.outer.pop().unwrap_or_default();
        let mut text = std::mem::replace(self.out, outer);
        if several_lines {
            let end = text.trim_end_matches('\n').len();
            text.truncate(end);
            if text.contains('\n') && !matches!(how, How::Part(_)) {
                text.push('\n');
            }
        }
        self.write_string(&text, how);
    }

    fn write_string(&mut self, text: &str, how: How) {
        match how {
            How::AfterKey(column) => yaml::write_text(self.out, text, column as usize),
            How::AfterDash(column) => yaml::write_text(self.out, text, column.saturating_sub(2) as usize),
            How::Key(column) => yaml::write_key(self.out, text, column as usize),
            How::JsonBlock(column) if yaml::fits_literal(text) => yaml::write_block(self.out, text, column as usize),
            How::JsonBlock(column) => yaml::write_text(self.out, text, column as usize),
            How::Part(escape) => escape::write_text(self.out, text, escape),
            How::Own { .. } => {}
        }
    }

    fn write(&mut self, value: Value<'a>, how: How) {
        match (value, how) {
            (Value::Text(text), _) => self.write_text(text, how),
            (Value::Node(Node::Str(text)), How::AfterKey(_) | How::AfterDash(_) | How::Key(_)) => {
                self.write_text(text, how);
            }
            (Value::Node(node), How::Part(escape)) => self.write_part(node, escape),
            (Value::Number(number), _) => {
                let number = Node::Int(i64::try_from(number).unwrap_or(i64::MAX));
                self.write_node(&number, how);
            }
            (Value::Flag(flag), _) => self.write_node(&Node::Bool(flag), how),
            (Value::Node(node), _) if self.program.format == Format::Workflow => {
                self.write_node(&actions::neutralize_node(node), how);
            }
            (Value::Node(node), _) => self.write_node(node, how),
        }
    }

    /// Writes the text of a value.
    fn write_text(&mut self, text: &str, how: How) {
        match how {
            How::Part(escape) => self.write_escaped(|out| escape::write_text(out, text, escape)),
            _ if self.program.format == Format::Workflow => self.write_string(&actions::neutralize(text), how),
            _ => self.write_string(text, how),
        }
    }

    /// Writes a part of a string with `write`, which escapes it.
    fn write_escaped(&mut self, write: impl FnOnce(&mut String)) {
        if self.program.format != Format::Workflow {
            return write(self.out);
        }
        // GitHub evaluates expressions before anything else reads the text.
        let mut part = String::new();
        write(&mut part);
        let part = actions::neutralize_part(&part, self.out);
        self.out.push_str(&part);
    }

    fn write_node(&mut self, node: &Node, how: How) {
        match how {
            How::AfterKey(column) => {
                // The template has written the space after the colon.
                let end = self.out.trim_end_matches(' ').len();
                self.out.truncate(end);
                yaml::write_after_key(self.out, node, column as usize);
            }
            How::AfterDash(column) => yaml::write_at(self.out, node, column as usize),
            How::Own { column, last } => self.write_own(node, column as usize, last),
            How::Key(_) => match scalar_text(node) {
                Some(text) => self.write_string(&text, how),
                None => self.fault("a key must be a single value"),
            },
            How::Part(escape) => self.write_part(node, escape),
            How::JsonBlock(_) => {}
        }
    }

    /// Writes a collection on lines of its own; an empty one leaves no line behind.
    fn write_own(&mut self, node: &Node, column: usize, last: bool) {
        let filled = match node {
            Node::Map(entries) => !entries.is_empty(),
            Node::List(items) => !items.is_empty(),
            _ => false,
        };
        if filled {
            return yaml::write_at(self.out, node, column);
        }
        let end = self.out.trim_end_matches(' ').len();
        self.out.truncate(end);
        if self.out.ends_with('\n') && self.out.len() > self.document {
            self.out.pop();
        }
        if last && self.out.ends_with(':') {
            self.out.push(' ');
            yaml::write_scalar(self.out, node, column.saturating_sub(2));
        } else if !matches!(node, Node::Map(_) | Node::List(_)) {
            self.fault("a map or a list was expected");
        }
    }

    fn write_part(&mut self, node: &Node, escape: Escape) {
        match (node, escape) {
            (_, Escape::JsonValue) => self.write_escaped(|out| escape::write_json(out, node)),
            (Node::List(items), Escape::ShellWord) => {
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        self.out.push(' ');
                    }
                    self.write_part(item, escape);
                }
            }
            _ => match scalar_text(node) {
                Some(text) => self.write_text(&text, How::Part(escape)),
                None => self.fault("a single value was expected"),
            },
        }
    }

    fn holds(&mut self, test: &'a Test) -> bool {
        match test {
            Test::Truthy(path) => is_truthy(self.find(path)),
            Test::Constant(value) => *value,
            Test::Not(inner) => !self.holds(inner),
            Test::All(tests) => tests.iter().all(|test| self.holds(test)),
            Test::Any(tests) => tests.iter().any(|test| self.holds(test)),
            Test::Compare(comparison, left, right) => {
                let (left, right) = (self.source(left), self.source(right));
                let order = compare(left, right);
                match comparison {
                    Comparison::Equal => order == Some(Ordering::Equal),
                    Comparison::Unequal => order != Some(Ordering::Equal),
                    Comparison::Greater => order == Some(Ordering::Greater),
                    Comparison::Less => order == Some(Ordering::Less),
                }
            }
        }
    }
}
