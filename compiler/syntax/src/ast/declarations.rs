//! Files, their declarations, and the entries of instances.

use super::{Expr, Member, Name, Path, TextRange};

/// One file: its declarations and the warnings it silences.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct SourceFile {
    /// In source order.
    pub decls: Vec<Decl>,
    /// `// idp:allow CODE because …` comments in source order.
    pub allows: Vec<Allow>,
}

/// `// idp:allow CODE because …`, which silences CODE on the line below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allow {
    /// The code as written.
    pub code: Name,
    /// The text after `because`; empty when it is missing.
    pub reason: String,
    /// The whole comment.
    pub span: TextRange,
    /// The span of the line that it silences: the next line that is not an `idp:allow` comment.
    pub target: TextRange,
}

/// A declaration with its documentation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decl {
    /// The joined text of the `///` lines above, without markers.
    pub doc: Option<String>,
    /// From the keyword to the closing brace.
    pub span: TextRange,
    /// The first line: from the keyword to the opening brace, without trailing space.
    pub header: TextRange,
    /// What it declares.
    pub kind: DeclKind,
}

/// The seven forms of a declaration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeclKind {
    /// `schema NAME [: PARENT] { … }`
    Schema(SchemaDecl),
    /// `enum NAME { a, b }`
    Enum(EnumDecl),
    /// `extend NAME { … }`
    Extend(ExtendDecl),
    /// `extend enum NAME { a, b }`
    ExtendEnum(EnumDecl),
    /// `let NAME = EXPR`
    Let(LetDecl),
    /// `service NAME [: SCHEMA] { … }` and the other roots
    Instance(InstanceDecl),
    /// `moved PATH { from = PATH }` and `removed PATH { … }`
    Identity(IdentityDecl),
}

/// `schema NAME [: PARENT] { members }`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaDecl {
    /// The schema's name.
    pub name: Name,
    /// The schema it refines.
    pub parent: Option<Name>,
    /// In source order.
    pub members: Vec<Member>,
}

/// `extend NAME { members }`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtendDecl {
    /// The schema it extends.
    pub name: Name,
    /// In source order.
    pub members: Vec<Member>,
}

/// `enum NAME { variants }`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnumDecl {
    /// The enum's name.
    pub name: Name,
    /// In source order.
    pub variants: Vec<Variant>,
}

/// One variant of an enum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// Its documentation.
    pub doc: Option<String>,
    /// Its name.
    pub name: Name,
}

/// `let NAME = EXPR`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetDecl {
    /// The constant's name.
    pub name: Name,
    /// Its value.
    pub value: Expr,
}

/// `ROOT NAME [: SCHEMA] { entries }`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstanceDecl {
    /// The root keyword: `platform`, `environment`, `team`, `system`, `service` or `resource`.
    pub root: Name,
    /// The instance's name.
    pub name: Name,
    /// The schema after the colon.
    pub schema: Option<Name>,
    /// In source order.
    pub entries: Vec<Entry>,
}

/// `moved PATH { from = PATH }` or `removed PATH { keep = …, because = … }`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityDecl {
    /// `true` for `removed`.
    pub removed: bool,
    /// What moved or was removed.
    pub path: Path,
    /// In source order.
    pub entries: Vec<Entry>,
}

/// A line of an instance or of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The whole entry.
    pub span: TextRange,
    /// Its form.
    pub kind: EntryKind,
}

/// The forms of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// `path = expr`
    Set {
        /// What is set.
        path: Path,
        /// To what.
        value: Expr,
    },
    /// `path { entries }`
    Amend {
        /// What is amended.
        path: Path,
        /// With what.
        entries: Vec<Entry>,
    },
    /// a bare `path`
    Bare(Path),
    /// `in prod { entries }`, `in [staging, prod] { entries }`
    In {
        /// The environments.
        envs: Vec<Name>,
        /// From `in` to the brace.
        header: TextRange,
        /// What holds there.
        entries: Vec<Entry>,
    },
}
