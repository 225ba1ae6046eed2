//! What can be wrong with the text of a program.

use rowan::TextRange;

/// A rule of the grammar that the text breaks, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// Which rule.
    pub kind: SyntaxErrorKind,
    /// Where.
    pub span: TextRange,
    /// An edit that would mend it.
    pub fix: Option<SyntaxFix>,
}

/// An edit that mends a syntax error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxFix {
    /// What it does, as an imperative.
    pub title: String,
    /// Ranges with their new text.
    pub edits: Vec<(TextRange, String)>,
    /// Whether it can only have been meant so.
    pub safe: bool,
}

macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $name:ident $(($ty:ty))? = $code:literal;)+) => {
        /// The rules of the grammar, each with a permanent code.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum SyntaxErrorKind {
            $($(#[doc = $doc])+ $name $(($ty))?,)+
        }

        impl SyntaxErrorKind {
            /// Every code.
            pub const CODES: &'static [&'static str] = &[$($code),+];

            /// The permanent code.
            #[must_use]
            pub fn code(&self) -> &'static str {
                match self {
                    $(Self::$name { .. } => $code,)+
                }
            }
        }
    };
}

kinds! {
    /// A character that nothing begins with.
    UnknownCharacter(char) = "IDP0001";
    /// Text without its closing quote.
    UnterminatedString = "IDP0002";
    /// A backslash before something else than `"`, `\`, `n`, `t`, `$` or `u{…}`.
    BadEscape = "IDP0003";
    /// `${…}` around something else than a path.
    BadInsert = "IDP0004";
    /// A number whose unit nothing measures.
    UnknownUnit(String) = "IDP0005";
    /// A number with two units.
    TwoUnits = "IDP0006";
    /// A number that does not fit.
    NumberTooLarge = "IDP0007";
    /// A date that no calendar has.
    BadDate = "IDP0008";
    /// An invisible character that changes the order in which text is read.
    Bidirectional = "IDP0009";
    /// Something is missing here.
    Expected(&'static str) = "IDP0010";
    /// A word that begins no declaration.
    NotADeclaration(String) = "IDP0011";
    /// Something stands here that nothing can begin with.
    Unexpected(String) = "IDP0012";
    /// A comparison of a comparison.
    ChainedComparison = "IDP0013";
    /// A value that does not begin on the line of its `=`.
    ValueOnNextLine = "IDP0014";
    /// A brace that does not stand on the line of its header.
    BraceOnNextLine = "IDP0015";
    /// A block that is never closed.
    Unclosed(char) = "IDP0016";
    /// More nesting than anybody can read.
    TooDeep = "IDP0017";
    /// A reserved word as a name.
    Reserved(String) = "IDP0018";
    /// A file above one mebibyte.
    FileTooLarge = "IDP0019";
    /// An overlay inside of something.
    NestedOverlay = "IDP0020";
    /// Two entries on one line without a comma.
    MissingSeparator = "IDP0021";
    /// A `:` where a value is set.
    ColonForEquals = "IDP0022";
}

impl SyntaxErrorKind {
    /// One line, without a full stop.
    #[must_use]
    pub fn message(&self) -> String {
        match self {
            Self::UnknownCharacter(c) => format!("`{}` has no meaning here", c.escape_debug()),
            Self::UnterminatedString => "this text is never closed".to_owned(),
            Self::BadEscape => "there is no such escape".to_owned(),
            Self::BadInsert => "only a path can stand between `${` and `}`".to_owned(),
            Self::UnknownUnit(unit) => format!("there is no unit `{unit}`"),
            Self::TwoUnits => "a number has one unit".to_owned(),
            Self::NumberTooLarge => "this number does not fit".to_owned(),
            Self::BadDate => "no calendar has this date".to_owned(),
            Self::Bidirectional => "an invisible character changes the order of this text".to_owned(),
            Self::Expected(what) => format!("expected {what}"),
            Self::NotADeclaration(word) => format!("`{word}` begins no declaration"),
            Self::Unexpected(text) => format!("`{text}` cannot stand here"),
            Self::ChainedComparison => "comparisons cannot be chained".to_owned(),
            Self::ValueOnNextLine => "the value begins on the line of its `=`".to_owned(),
            Self::BraceOnNextLine => "`{` stands on the line of its header".to_owned(),
            Self::Unclosed(c) => format!("this `{c}` is never closed"),
            Self::TooDeep => "this is nested too deeply".to_owned(),
            Self::Reserved(word) => format!("`{word}` is reserved and cannot be a name"),
            Self::FileTooLarge => "this file is too large".to_owned(),
            Self::NestedOverlay => "an overlay stands directly in a service or resource".to_owned(),
            Self::MissingSeparator => "two entries on one line need a comma".to_owned(),
            Self::ColonForEquals => "a value is set with `=`".to_owned(),
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> String {
        match self {
            Self::UnknownCharacter('\'') => "text stands in double quotes".to_owned(),
            Self::UnknownCharacter(';') => "entries are separated by a newline or a comma".to_owned(),
            Self::UnknownCharacter(_) => "remove it, or put it into quotes".to_owned(),
            Self::UnterminatedString => "close it with `\"`; text of several lines stands between `\"\"\"`".to_owned(),
            Self::BadEscape => r#"escapes: `\"`, `\\`, `\n`, `\t`, `\$`, `\u{1F600}`"#.to_owned(),
            Self::BadInsert => "compute the value in a field of its own and insert that".to_owned(),
            Self::UnknownUnit(_) => {
                "units: ms s m h d w, B KB MB GB TB KiB MiB GiB TiB, %, rps, USD EUR".to_owned()
            }
            Self::TwoUnits => "write it in the smaller unit: `90m` for one hour and a half".to_owned(),
            Self::NumberTooLarge => "whole numbers have 64 bits".to_owned(),
            Self::BadDate => "write year, month and day: `2027-03-31`".to_owned(),
            Self::Bidirectional => "remove it; in text it can be written as `\\u{…}`".to_owned(),
            Self::Expected(_) => "something is missing here".to_owned(),
            Self::NotADeclaration(_) => {
                "declarations: service, resource, team, system, let, moved, removed; and in the platform folder \
                 platform, environment, schema, enum, extend"
                    .to_owned()
            }
            Self::Unexpected(_) => "remove it, or end the line before it".to_owned(),
            Self::ChainedComparison => "join two comparisons with `and`".to_owned(),
            Self::ValueOnNextLine => "move it up".to_owned(),
            Self::BraceOnNextLine => "move it up".to_owned(),
            Self::Unclosed(c) => format!("close it with `{}`", closing(*c)),
            Self::TooDeep => "at most 128 levels are allowed".to_owned(),
            Self::Reserved(_) => {
                "reserved: true false none if then else and or not in let self".to_owned()
            }
            Self::FileTooLarge => "split it: a file holds at most 1 MiB".to_owned(),
            Self::NestedOverlay => "move it out: `in prod { needs.orders { … } }`".to_owned(),
            Self::MissingSeparator => "put them on two lines, or a comma between them".to_owned(),
            Self::ColonForEquals => "replace `:` by `=`".to_owned(),
        }
    }
}

fn closing(open: char) -> char {
    match open {
        '{' => '}',
        '[' => ']',
        '<' => '>',
        _ => ')',
    }
}
