//! The typed, owned view of a syntax tree.
//!
//! Every node keeps its span, so later stages can point at source; none keeps a reference to the tree.
//! What the parser could not read is left out or is [`ExprKind::Missing`]: a broken file still has a view.

pub use rowan::{TextRange, TextSize};

/// A name with its place.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Name {
    /// The name as written; without quotes where it was a quoted path segment.
    pub text: String,
    /// Where it stands.
    pub span: TextRange,
}

/// `needs.orders.url`, `annotations."prometheus.io/scrape"`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Path {
    /// At least one segment, in source order.
    pub segments: Vec<Name>,
    /// The whole path.
    pub span: TextRange,
}

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

/// A line of a schema or of an extension.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Member {
    /// `name : type [= default] annotations` or `name = default annotations`
    Field(FieldDecl),
    /// `name { members }`: a record declared (or amended) in place
    Group(GroupDecl),
    /// `output name : type`
    Output(OutputDecl),
    /// `require COND : "message"` or `warn COND : "message"`
    Rule(RuleDecl),
}

/// A field of a schema, or a new default or annotation of an inherited one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldDecl {
    /// Its documentation.
    pub doc: Option<String>,
    /// Its name (a path when an inherited nested field is set: `slo.availability = 99.9%`).
    pub path: Path,
    /// The type; `None` where only a default or an annotation is given.
    pub ty: Option<TypeExpr>,
    /// The default.
    pub default: Option<Expr>,
    /// `@immutable`, …
    pub annotations: Vec<Annotation>,
    /// The whole line(s).
    pub span: TextRange,
}

/// `slo { availability : percent? }` inside a schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupDecl {
    /// Its documentation.
    pub doc: Option<String>,
    /// The field's name.
    pub name: Name,
    /// The fields of the record.
    pub members: Vec<Member>,
    /// Annotations after the closing brace.
    pub annotations: Vec<Annotation>,
    /// The whole member.
    pub span: TextRange,
}

/// `output host : string`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputDecl {
    /// Its documentation.
    pub doc: Option<String>,
    /// Its name.
    pub name: Name,
    /// Its type.
    pub ty: TypeExpr,
    /// The whole line.
    pub span: TextRange,
}

/// `require COND : "message"`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleDecl {
    /// `true` for `warn`.
    pub warn: bool,
    /// The condition.
    pub condition: Expr,
    /// The message; a string expression.
    pub message: Expr,
    /// The whole rule.
    pub span: TextRange,
}

/// `@locked("why", except = [checkout])`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Annotation {
    /// The name without `@`.
    pub name: Name,
    /// In source order.
    pub args: Vec<Arg>,
    /// With the `@` and the parentheses.
    pub span: TextRange,
}

/// One argument of an annotation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arg {
    /// The name before `=`.
    pub name: Option<Name>,
    /// The value.
    pub value: Expr,
}

/// A type as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeExpr {
    /// Where it stands.
    pub span: TextRange,
    /// Its form.
    pub kind: TypeKind,
}

/// The forms of a type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TypeKind {
    /// Nothing readable stood here; reported already.
    Missing,
    /// `int`, `stage`, `postgres`
    Named(Name),
    /// `"14" | "15" | "16"`
    Union(Vec<Expr>),
    /// `T?`
    Optional(Box<TypeExpr>),
    /// `[T]`
    List(Box<TypeExpr>),
    /// `map<T>` or `map<&service, T>`
    Map {
        /// The key's type, where one is written.
        key: Option<Box<TypeExpr>>,
        /// The value's type.
        value: Box<TypeExpr>,
    },
    /// `&team`
    Ref(Name),
    /// `secret<T>`
    Secret(Box<TypeExpr>),
    /// `T in 1..5`, `T matching "…"`, `[T] nonempty`
    Refined(Box<TypeExpr>, Refinement),
}

/// A refinement of a type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refinement {
    /// `in RANGE` or `in [list]`
    In(Expr),
    /// `matching "regex"`
    Matching(Expr),
    /// `nonempty`
    Nonempty,
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

/// An expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expr {
    /// Where it stands.
    pub span: TextRange,
    /// Its form.
    pub kind: ExprKind,
}

/// The forms of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExprKind {
    /// Nothing readable stood here; reported already.
    Missing,
    /// A literal that is not a string.
    Literal(Literal),
    /// `"…"` or `"""…"""`, escapes resolved
    Str(Vec<StrPart>),
    /// A name or a path, `self` and `none`-like keywords excluded (`self.x` is a path whose first segment is `self`).
    Path(Path),
    /// `[a, b]`
    List(Vec<Expr>),
    /// `postgres { … }` or `{ … }`
    Record {
        /// The schema's name.
        schema: Option<Name>,
        /// In source order.
        entries: Vec<Entry>,
    },
    /// `not a`, `-a`
    Unary(UnaryOp, Box<Expr>),
    /// `a + b`
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    /// `if c then a else b`
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `len(x)`
    Call(Name, Vec<Expr>),
    /// `(a)`
    Paren(Box<Expr>),
}

/// A piece of a string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StrPart {
    /// Text with escapes resolved.
    Text(String),
    /// `${path}`
    Insert(Path),
}

/// A literal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Literal {
    /// `none`
    None,
    /// `true`, `false`
    Bool(bool),
    /// `42`, `1_000`
    Int(i64),
    /// `3.5`
    Number(Decimal),
    /// `150ms`, `50GiB`, `99.9%`, `100rps`, `400USD`
    Quantity(Decimal, Unit),
    /// `2027-03-31`
    Date(Date),
}

/// A decimal number as written: `digits / 10^scale`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Decimal {
    /// All digits as one integer.
    pub digits: i128,
    /// How many of them stand behind the point.
    pub scale: u32,
}

/// A calendar date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Date {
    /// Four digits.
    pub year: u16,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31, valid in its month.
    pub day: u8,
}

/// The unit of a quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    /// `ms`
    Millisecond,
    /// `s`
    Second,
    /// `m`
    Minute,
    /// `h`
    Hour,
    /// `d`
    Day,
    /// `w`
    Week,
    /// `B`
    Byte,
    /// `KB`
    Kilobyte,
    /// `MB`
    Megabyte,
    /// `GB`
    Gigabyte,
    /// `TB`
    Terabyte,
    /// `KiB`
    Kibibyte,
    /// `MiB`
    Mebibyte,
    /// `GiB`
    Gibibyte,
    /// `TiB`
    Tebibyte,
    /// `%`
    Percent,
    /// `rps`
    PerSecond,
    /// `USD`
    Usd,
    /// `EUR`
    Eur,
}

/// A prefix operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UnaryOp {
    /// `not`
    Not,
    /// `-`
    Neg,
}

/// An infix operator, loosest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BinaryOp {
    /// `or`
    Or,
    /// `and`
    And,
    /// `==`
    Eq,
    /// `!=`
    Ne,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
    /// `in`
    In,
    /// `??`
    Default,
    /// `..`
    Range,
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`
    Div,
}
