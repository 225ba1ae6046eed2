//! A compiled template: a flat list of steps, in which every path is resolved to a slot and fields.

use std::sync::Arc;

use super::ast::{Comparison, LoopField};
use super::compile::Format;
use super::error::Pos;
use super::escape::Escape;
use crate::node::Node;

/// The slot of the context.
pub(crate) const ROOT: u16 = 0;
/// The slot of the static data of the target.
pub(crate) const DATA: u16 = 1;

/// A template that is ready to run.
#[derive(Clone, Debug, Default)]
pub struct Program {
    pub(super) ops: Vec<Op>,
    /// Where each step came from: a file and a place in it.
    pub(super) origins: Vec<(u16, Pos)>,
    pub(super) files: Vec<Arc<str>>,
    /// All static text.
    pub(super) text: String,
    pub(super) slots: usize,
    /// The language of the whole file.
    pub(super) format: Format,
    /// The first number for remembering where a field was found last time, and the one after the last.
    pub(super) hints: (u32, u32),
}

impl Program {
    /// The number after the last one that this program remembers fields by.
    #[must_use]
    pub fn end_hint(&self) -> u32 {
        self.hints.1
    }
}

/// A step. Targets of jumps are places in the list of steps.
#[derive(Clone, Debug)]
pub(super) enum Op {
    /// Writes static text.
    Text {
        start: u32,
        end: u32,
    },
    /// Writes a value.
    Write {
        path: PathRef,
        how: How,
    },
    /// Starts to build a string.
    Open,
    /// Writes the string that was built; `several_lines` tells that its template has several lines.
    Close {
        how: How,
        several_lines: bool,
    },
    /// Goes on at `otherwise` unless the condition holds.
    Branch {
        cond: Test,
        otherwise: u32,
    },
    Jump(u32),
    /// Starts a loop, or goes on at `otherwise` if there is nothing to loop over.
    Each {
        over: PathRef,
        item: u16,
        state: u16,
        otherwise: u32,
    },
    /// The next step of the innermost loop, whose body starts at `body`.
    Next {
        body: u32,
    },
    /// Gives a value a name.
    Bind {
        slot: u16,
        value: Source,
    },
    /// Goes on at the place for the text that `path` holds.
    Dispatch {
        path: PathRef,
        table: Vec<(Box<str>, u32)>,
        fallback: u32,
    },
    /// The next document of a YAML stream.
    Document,
}

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    /// As the value of a key at this column.
    AfterKey(u32),
    /// After a dash, with its content at this column.
    AfterDash(u32),
    /// On its own line at this column. `last` tells that nothing follows in the same collection.
    Own { column: u32, last: bool },
    /// As a key at this column.
    Key(u32),
    /// As JSON text in a literal block below a key or dash at this column.
    JsonBlock(u32),
    /// As part of a string.
    Part(Escape),
}

/// Where a value is found.
#[derive(Clone, Debug)]
pub(super) struct PathRef {
    pub slot: u16,
    pub fields: Box<[FieldRef]>,
    /// Set if the slot holds the state of a loop.
    pub of_loop: Option<LoopField>,
}

/// A field, and the number by which its place is remembered.
#[derive(Clone, Debug)]
pub(super) struct FieldRef {
    pub name: Box<str>,
    pub hint: u32,
}

#[derive(Clone, Debug)]
pub(super) enum Source {
    Path(PathRef),
    Literal(Node),
}

/// A condition.
#[derive(Clone, Debug)]
pub(super) enum Test {
    Truthy(PathRef),
    Constant(bool),
    Not(Box<Test>),
    All(Vec<Test>),
    Any(Vec<Test>),
    Compare(Comparison, Source, Source),
}
