//! What each word of a text is, for whoever colors it: from the tree, and from what names stand for.

use idpc_model::source::FileView;
use idpc_syntax::ast::TextRange;
use idpc_syntax::{SyntaxElement, SyntaxKind, is_declaration, is_reserved, parse};

use crate::mention::{Role, mentions};
use crate::program::Program;
use crate::thing::Thing;

/// What a word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A word of the language.
    Keyword,
    /// A comment.
    Comment,
    /// Text.
    String,
    /// A number, with its unit.
    Number,
    /// An operator.
    Operator,
    /// A service, a team, an environment.
    Instance,
    /// A schema.
    Schema,
    /// An enum.
    Enum,
    /// A variant.
    Variant,
    /// A field.
    Field,
    /// An output.
    Output,
    /// An entry of a map.
    Entry,
    /// A constant.
    Constant,
    /// A built-in type.
    Type,
    /// A function.
    Function,
    /// An annotation.
    Annotation,
    /// A name that stands for nothing known.
    Unresolved,
}

impl Kind {
    /// All kinds, in the order of their numbers.
    pub const ALL: &'static [Kind] = &[
        Self::Keyword,
        Self::Comment,
        Self::String,
        Self::Number,
        Self::Operator,
        Self::Instance,
        Self::Schema,
        Self::Enum,
        Self::Variant,
        Self::Field,
        Self::Output,
        Self::Entry,
        Self::Constant,
        Self::Type,
        Self::Function,
        Self::Annotation,
        Self::Unresolved,
    ];
}

/// More about a word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// Whether it is introduced here.
    pub declaration: bool,
    /// Whether something else should be used.
    pub deprecated: bool,
    /// Whether the library brings it.
    pub library: bool,
    /// Whether it is documentation.
    pub documentation: bool,
}

/// A word with what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Color {
    /// The word; never more than one line.
    pub range: TextRange,
    /// What it is.
    pub kind: Kind,
    /// More about it.
    pub marks: Marks,
}

/// Words that mean something where a member or a type can begin, besides those of the language's own lists.
const WORDS: &[&str] = &["output", "require", "warn", "env", "matching", "nonempty", "map", "secret"];

/// The words of a text, in order; none overlaps another.
#[must_use]
pub fn colors(program: Program<'_>, view: &FileView, text: &str) -> Vec<Color> {
    let named = mentions(program, view);
    let mut named = named.into_iter().peekable();
    let mut found = Vec::new();
    let mut annotation = false;
    let tokens: Vec<_> = parse(text).syntax().descendants_with_tokens().filter_map(SyntaxElement::into_token).collect();
    for (at, token) in tokens.iter().enumerate() {
        let range = token.text_range();
        let marks = Marks { documentation: token.kind() == SyntaxKind::DocComment, ..Marks::default() };
        while named.next_if(|mention| mention.range.end() <= range.start()).is_some() {}
        let kind = match token.kind() {
            SyntaxKind::Comment | SyntaxKind::DocComment => Kind::Comment,
            SyntaxKind::Int | SyntaxKind::Number | SyntaxKind::Quantity | SyntaxKind::Date => Kind::Number,
            SyntaxKind::Ident if annotation => Kind::Annotation,
            SyntaxKind::Ident | SyntaxKind::Str => {
                let mut inner = Vec::new();
                while let Some(mention) = named.next_if(|mention| mention.range.end() <= range.end()) {
                    inner.push(Color {
                        range: mention.range,
                        kind: of_thing(&mention.thing),
                        marks: marks_of(program, &mention.thing, mention.role),
                    });
                }
                let next = tokens.get(at + 1).map(|token| token.kind());
                match inner.as_slice() {
                    [only] if only.range == range => found.push(*only),
                    [] if token.kind() == SyntaxKind::Ident => {
                        let kind = plain(token.text(), next == Some(SyntaxKind::LParen));
                        found.push(Color { range, kind, marks });
                    }
                    _ => pieces(text, range, &inner, &mut found),
                }
                annotation = false;
                continue;
            }
            SyntaxKind::At => Kind::Annotation,
            SyntaxKind::Whitespace | SyntaxKind::Newline | SyntaxKind::Error | SyntaxKind::Eof => continue,
            SyntaxKind::LBrace
            | SyntaxKind::RBrace
            | SyntaxKind::LBracket
            | SyntaxKind::RBracket
            | SyntaxKind::LParen
            | SyntaxKind::RParen
            | SyntaxKind::Comma
            | SyntaxKind::Dot
            | SyntaxKind::Colon => continue,
            _ => Kind::Operator,
        };
        annotation = token.kind() == SyntaxKind::At;
        lines(text, range, kind, marks, &mut found);
    }
    found
}

fn plain(word: &str, called: bool) -> Kind {
    match word {
        _ if is_declaration(word) || is_reserved(word) || WORDS.contains(&word) => Kind::Keyword,
        // Arguments of annotations, and what is said of an identity.
        "use" | "except" | "from" | "keep" | "because" => Kind::Keyword,
        "len" | "min" | "max" if called => Kind::Function,
        _ => Kind::Unresolved,
    }
}

/// A string around the names that it inserts.
fn pieces(text: &str, range: TextRange, inner: &[Color], found: &mut Vec<Color>) {
    let mut start = range.start();
    for color in inner {
        if start < color.range.start() {
            lines(text, TextRange::new(start, color.range.start()), Kind::String, Marks::default(), found);
        }
        found.push(*color);
        start = color.range.end();
    }
    if start < range.end() {
        lines(text, TextRange::new(start, range.end()), Kind::String, Marks::default(), found);
    }
}

/// One color for each line of a range: most clients know none that goes on.
fn lines(text: &str, range: TextRange, kind: Kind, marks: Marks, found: &mut Vec<Color>) {
    let written = text.get(usize::from(range.start())..usize::from(range.end())).unwrap_or_default();
    let mut start = range.start();
    for line in written.split_inclusive('\n') {
        let size = idpc_syntax::ast::TextSize::of(line.trim_end_matches(['\n', '\r']));
        if u32::from(size) > 0 {
            found.push(Color { range: TextRange::at(start, size), kind, marks });
        }
        start += idpc_syntax::ast::TextSize::of(line);
    }
}

fn of_thing(thing: &Thing) -> Kind {
    match thing {
        Thing::Instance { .. } => Kind::Instance,
        Thing::Schema(name) if idpc_model::schema::ROOTS.contains(&name.as_str()) => Kind::Keyword,
        Thing::Schema(_) => Kind::Schema,
        Thing::Enum(_) => Kind::Enum,
        Thing::Variant { .. } => Kind::Variant,
        Thing::Field { .. } => Kind::Field,
        Thing::Output { .. } => Kind::Output,
        Thing::Entry { .. } => Kind::Entry,
        Thing::Constant { .. } => Kind::Constant,
        Thing::Builtin(_) => Kind::Type,
        Thing::Special(_) => Kind::Keyword,
    }
}

fn marks_of(program: Program<'_>, thing: &Thing, role: Role) -> Marks {
    let set = program.set();
    let (library, deprecated) = match thing {
        Thing::Schema(name) => (set.get(name).is_some_and(|schema| schema.library), false),
        Thing::Field { schema, name } => {
            let schema = set.get(schema);
            let field = schema.and_then(|schema| schema.field(name));
            (schema.is_some_and(|schema| schema.library), field.is_some_and(|field| field.deprecated.is_some()))
        }
        Thing::Output { schema, .. } => (set.get(schema).is_some_and(|schema| schema.library), false),
        Thing::Builtin(_) => (true, false),
        _ => (false, false),
    };
    Marks { declaration: role == Role::Declaration, deprecated, library, documentation: false }
}
