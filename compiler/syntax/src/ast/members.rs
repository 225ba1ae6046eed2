//! What stands in a schema: fields, outputs, rules, and the types as they are written.

use super::{Expr, Name, Path, TextRange};

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
