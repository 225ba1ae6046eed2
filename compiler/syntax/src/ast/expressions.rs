//! Expressions and their operators.

use super::{Entry, Literal, Name, Path, TextRange};

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
