//! A template as a tree, independent of the parser that read it.

use super::error::Pos;
use crate::node::Node;

/// A part of a template.
#[derive(Clone, Debug)]
pub(crate) enum Item {
    /// Text that is written as it stands.
    Text(Text),
    /// `{{path}}`.
    Value(Path),
    /// `{{#if}}` and `{{#unless}}`.
    If(If),
    /// `{{#each}}`.
    Each(Each),
    /// `{{#with}}`.
    With(With),
    /// `{{#text}}` and the other blocks that build one string.
    Build(Build),
    /// `{{> name}}`.
    Partial(Partial),
}

/// Static text.
#[derive(Clone, Debug)]
pub(crate) struct Text {
    pub text: String,
    pub pos: Pos,
}

/// A path as written.
#[derive(Clone, Debug)]
pub(crate) struct Path {
    pub root: Root,
    pub fields: Vec<String>,
    pub raw: String,
    pub pos: Pos,
}

/// What a path starts from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Root {
    /// A name: bound, or a field of the context.
    Name(String),
    /// `this`.
    This,
    /// `@index`, `@key`, `@first`, `@last`.
    Loop(LoopField),
}

/// What a loop knows of its current step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LoopField {
    Index,
    Key,
    First,
    Last,
}

/// A condition.
#[derive(Clone, Debug)]
pub(crate) enum Cond {
    Truthy(Path),
    Constant(bool),
    Not(Box<Cond>),
    All(Vec<Cond>),
    Any(Vec<Cond>),
    Compare(Comparison, Operand, Operand, Pos),
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    Equal,
    Unequal,
    Greater,
    Less,
}

/// A value in a comparison or an argument of a partial.
#[derive(Clone, Debug)]
pub(crate) enum Operand {
    Path(Path),
    Literal(Node),
}

#[derive(Clone, Debug)]
pub(crate) struct If {
    pub cond: Cond,
    pub then: Vec<Item>,
    pub otherwise: Vec<Item>,
    pub pos: Pos,
}

#[derive(Clone, Debug)]
pub(crate) struct Each {
    pub over: Path,
    /// The names of the item and of its index or key.
    pub names: Names,
    pub body: Vec<Item>,
    pub otherwise: Vec<Item>,
    pub pos: Pos,
}

/// The names that a block binds with `as |a b|`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    pub item: Option<String>,
    pub key: Option<String>,
}

#[derive(Clone, Debug)]
pub(crate) struct With {
    pub subject: Path,
    pub name: Option<String>,
    pub body: Vec<Item>,
    pub otherwise: Vec<Item>,
    pub pos: Pos,
}

#[derive(Clone, Debug)]
pub(crate) struct Build {
    pub sink: Sink,
    pub body: Vec<Item>,
    /// Whether the block's own text has several lines.
    pub several_lines: bool,
    pub pos: Pos,
}

/// The language of a string that a block builds, which decides how values are escaped in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sink {
    Text,
    Promql,
    GoTemplate,
    Json,
    Shell,
    Markdown,
}

impl Sink {
    /// The names of the blocks.
    pub const NAMES: [(&'static str, Sink); 6] = [
        ("text", Sink::Text),
        ("promql", Sink::Promql),
        ("gotemplate", Sink::GoTemplate),
        ("json", Sink::Json),
        ("shell", Sink::Shell),
        ("markdown", Sink::Markdown),
    ];

    /// The sink that a block called `name` builds.
    pub fn named(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, sink)| *sink)
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Partial {
    pub folder: Folder,
    pub name: String,
    /// The value that a partial of a kind is for.
    pub subject: Option<Path>,
    /// Names bound inside, sorted.
    pub bindings: Vec<(String, Operand)>,
    /// How far its lines are indented.
    pub indent: usize,
    /// Whether the tag is alone on its line.
    pub alone: bool,
    pub pos: Pos,
}

/// Where a partial is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Folder {
    /// `partials/`.
    Shared,
    /// `kinds/<kind>/`, by the kind of a need.
    Kind,
    /// `paths/<path>/`, by the golden path of the service.
    Path,
}
