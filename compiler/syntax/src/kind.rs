//! The kinds of tokens and nodes of the lossless tree.

/// A kind of token or node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u16)]
#[expect(missing_docs, reason = "each kind is named after what it holds")]
pub enum SyntaxKind {
    Whitespace,
    Newline,
    Comment,
    DocComment,
    Ident,
    Int,
    Number,
    Quantity,
    Date,
    Str,
    LBrace,
    RBrace,
    LBracket,
    RBracket,
    LParen,
    RParen,
    Lt,
    Gt,
    Le,
    Ge,
    EqEq,
    Ne,
    Eq,
    Colon,
    Comma,
    Dot,
    DotDot,
    Question,
    QuestionQuestion,
    At,
    Amp,
    Pipe,
    Plus,
    Minus,
    Star,
    Slash,
    Error,
    Eof,
    File,
    Decl,
    Member,
    Entry,
    Path,
    Type,
    Expr,
    Annotation,
    Block,
    Junk,
}

impl SyntaxKind {
    const ALL: &'static [SyntaxKind] = &[
        Self::Whitespace,
        Self::Newline,
        Self::Comment,
        Self::DocComment,
        Self::Ident,
        Self::Int,
        Self::Number,
        Self::Quantity,
        Self::Date,
        Self::Str,
        Self::LBrace,
        Self::RBrace,
        Self::LBracket,
        Self::RBracket,
        Self::LParen,
        Self::RParen,
        Self::Lt,
        Self::Gt,
        Self::Le,
        Self::Ge,
        Self::EqEq,
        Self::Ne,
        Self::Eq,
        Self::Colon,
        Self::Comma,
        Self::Dot,
        Self::DotDot,
        Self::Question,
        Self::QuestionQuestion,
        Self::At,
        Self::Amp,
        Self::Pipe,
        Self::Plus,
        Self::Minus,
        Self::Star,
        Self::Slash,
        Self::Error,
        Self::Eof,
        Self::File,
        Self::Decl,
        Self::Member,
        Self::Entry,
        Self::Path,
        Self::Type,
        Self::Expr,
        Self::Annotation,
        Self::Block,
        Self::Junk,
    ];

    /// Whether it stands between tokens.
    #[must_use]
    pub fn is_trivia(self) -> bool {
        matches!(self, Self::Whitespace | Self::Newline | Self::Comment | Self::DocComment)
    }
}

/// The language of the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Idp {}

impl rowan::Language for Idp {
    type Kind = SyntaxKind;

    fn kind_from_raw(raw: rowan::SyntaxKind) -> SyntaxKind {
        SyntaxKind::ALL.get(usize::from(raw.0)).copied().unwrap_or(SyntaxKind::Error)
    }

    fn kind_to_raw(kind: SyntaxKind) -> rowan::SyntaxKind {
        rowan::SyntaxKind(kind as u16)
    }
}

/// A node of the tree.
pub type SyntaxNode = rowan::SyntaxNode<Idp>;
/// A token of the tree.
pub type SyntaxToken = rowan::SyntaxToken<Idp>;
/// A node or a token of the tree.
pub type SyntaxElement = rowan::SyntaxElement<Idp>;
