//! What can be wrong with the text of a program.

use rowan::TextRange;

/// A rule of the grammar that the text breaks, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// Which rule.
    pub kind: SyntaxErrorKind,
    /// Where. Something missing is an empty range right after the token before it.
    pub span: TextRange,
    /// An edit that would mend it.
    pub fix: Option<SyntaxFix>,
}

/// An edit that mends a syntax error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxFix {
    /// What it does, as an imperative.
    pub title: String,
    /// Ranges with their new text; they do not overlap.
    pub edits: Vec<(TextRange, String)>,
    /// Whether it can only have been meant so.
    pub safe: bool,
}

impl SyntaxFix {
    /// Replaces one piece of text; it can only have been meant so.
    pub(crate) fn safe(title: &str, span: TextRange, text: &str) -> Self {
        Self { title: title.to_owned(), edits: vec![(span, text.to_owned())], safe: true }
    }

    /// Replaces one piece of text; somebody has to agree.
    pub(crate) fn guess(title: &str, span: TextRange, text: &str) -> Self {
        Self { safe: false, ..Self::safe(title, span, text) }
    }
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

            /// Every code with what breaks its rule, in one line.
            pub const RULES: &'static [(&'static str, &'static str)] = &[$(($code, [$($doc),+][0].trim_ascii())),+];

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
    UnknownUnit(UnknownUnit) = "IDP0005";
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
    NotADeclaration(NotADeclaration) = "IDP0011";
    /// Something stands here that nothing can begin with.
    Unexpected(Unexpected) = "IDP0012";
    /// A comparison of a comparison.
    ChainedComparison = "IDP0013";
    /// A value that does not begin on the line of its `=`.
    ValueOnNextLine = "IDP0014";
    /// A brace that does not stand on the line of its header.
    BraceOnNextLine = "IDP0015";
    /// A block that is never closed.
    Unclosed(Unclosed) = "IDP0016";
    /// More nesting than anybody can read.
    TooDeep = "IDP0017";
    /// A reserved word as a name.
    Reserved(String) = "IDP0018";
    /// A file above one mebibyte.
    FileTooLarge = "IDP0019";
    /// An overlay inside of something.
    NestedOverlay = "IDP0020";
    /// Two things on one line with nothing between them.
    MissingSeparator = "IDP0021";
    /// A `:` where a value is set.
    ColonForEquals = "IDP0022";
    /// Text of several lines that begins or ends in the middle of a line.
    BadTextBlock = "IDP0023";
    /// A line of such a text that is indented less than its closing quotes.
    ShallowLine = "IDP0024";
    /// A control character in text as it is.
    ControlCharacter(char) = "IDP0025";
    /// Text in single or typographic quotes.
    WrongQuotes = "IDP0026";
    /// A name with a letter outside of ASCII.
    NonAsciiName = "IDP0027";
    /// A comment that begins with `#` or stands between `/*` and `*/`.
    WrongComment = "IDP0028";
    /// An operator of another language: `&&`, `||`, `!`, or `=` in a condition.
    WrongOperator(WrongOperator) = "IDP0029";
    /// A semicolon.
    Semicolon = "IDP0030";
    /// A space between a number and its unit.
    SpacedUnit = "IDP0031";
    /// A number that is written wrong.
    MalformedNumber(NumberProblem) = "IDP0032";
    /// A closing brace, bracket or parenthesis that closes nothing.
    Unopened(char) = "IDP0033";
    /// An entry outside of every declaration.
    StrayEntry = "IDP0034";
    /// A range of a range.
    ChainedRange = "IDP0035";
    /// A `not` inside of a comparison.
    MisplacedNot = "IDP0036";
    /// A `?` that does not cover the refinement of its type.
    BareOptional = "IDP0037";
    /// A union of something else than literals.
    UnionOfTypes = "IDP0038";
    /// A record where a type is named.
    RecordType = "IDP0039";
    /// A declaration inside of another.
    NestedDeclaration = "IDP0040";
    /// Quotes around a name that is declared.
    QuotedName = "IDP0041";
    /// A quoted name in a path that is empty or has something inserted.
    BadSegment = "IDP0042";
    /// A field or an element of something else than a path.
    NoAccess = "IDP0043";
}

/// What stands where it cannot, and what could.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unexpected {
    /// As written.
    pub found: String,
    /// What could stand here.
    pub expected: &'static str,
}

/// A unit that does not exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownUnit {
    /// As written.
    pub found: String,
    /// The one that was probably meant.
    pub meant: Option<&'static str>,
}

/// A word that begins no declaration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotADeclaration {
    /// As written.
    pub found: String,
    /// The keyword that was probably meant.
    pub meant: Option<&'static str>,
}

/// A block whose end is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unclosed {
    /// What is missing.
    pub closer: char,
    /// Where the block begins.
    pub opened: TextRange,
}

/// An operator of another language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongOperator {
    /// As written.
    pub found: &'static str,
    /// As it is written in this language.
    pub meant: &'static str,
}

/// What is wrong with a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberProblem {
    /// `3.`, `.5`
    Point,
    /// `1__0`, `1_`
    Underscore,
    /// `007`
    LeadingZero,
    /// `1.2.3`
    Version,
}

impl SyntaxErrorKind {
    /// One line, without a full stop.
    #[must_use]
    pub fn message(&self) -> String {
        match self {
            Self::UnknownCharacter(c) => format!("{} has no meaning here", visible(*c)),
            Self::UnterminatedString => "this text is never closed".to_owned(),
            Self::BadEscape => "there is no such escape".to_owned(),
            Self::BadInsert => "only a path can stand between `${` and `}`".to_owned(),
            Self::UnknownUnit(unit) => match unit.meant {
                Some(meant) => format!("there is no unit `{}`, but `{meant}`", unit.found),
                None => format!("there is no unit `{}`", unit.found),
            },
            Self::TwoUnits => "a number has one unit".to_owned(),
            Self::NumberTooLarge => "this number does not fit".to_owned(),
            Self::BadDate => "no calendar has this date".to_owned(),
            Self::Bidirectional => "an invisible character changes the order of this text".to_owned(),
            Self::Expected(what) => format!("expected {what}"),
            Self::NotADeclaration(word) => match word.meant {
                Some(meant) => {
                    format!("`{}` begins no declaration, but `{meant}` does", word.found)
                }
                None => format!("`{}` begins no declaration", word.found),
            },
            Self::Unexpected(what) => format!("expected {}, found {}", what.expected, what.found),
            Self::ChainedComparison => "comparisons cannot be chained".to_owned(),
            Self::ValueOnNextLine => "the value begins on the line of its `=`".to_owned(),
            Self::BraceOnNextLine => "`{` stands on the line of its header".to_owned(),
            Self::Unclosed(block) => format!("`{}` is missing here", block.closer),
            Self::TooDeep => "this is nested too deeply".to_owned(),
            Self::Reserved(word) => format!("`{word}` is reserved and cannot be a name"),
            Self::FileTooLarge => "this file is too large".to_owned(),
            Self::NestedOverlay => "an overlay stands directly in a service or resource".to_owned(),
            Self::MissingSeparator => "a comma or a new line is missing here".to_owned(),
            Self::ColonForEquals => "a value is set with `=`".to_owned(),
            Self::BadTextBlock => "the text between `\"\"\"` stands on lines of its own".to_owned(),
            Self::ShallowLine => "this line is indented less than the closing `\"\"\"`".to_owned(),
            Self::ControlCharacter(c) => format!("{} stands in text as it is", visible(*c)),
            Self::WrongQuotes => "text stands in straight double quotes".to_owned(),
            Self::NonAsciiName => "names are made of ASCII letters, digits, `_` and `-`".to_owned(),
            Self::WrongComment => "a comment begins with `//`".to_owned(),
            Self::WrongOperator(operator) => {
                format!("`{}` is written `{}` here", operator.found, operator.meant)
            }
            Self::Semicolon => "a semicolon separates nothing".to_owned(),
            Self::SpacedUnit => "a unit stands directly behind its number".to_owned(),
            Self::MalformedNumber(problem) => problem.message().to_owned(),
            Self::Unopened(c) => format!("this `{c}` closes nothing"),
            Self::StrayEntry => "an entry stands inside a declaration".to_owned(),
            Self::ChainedRange => "ranges cannot be chained".to_owned(),
            Self::MisplacedNot => "`not` stands before the whole comparison".to_owned(),
            Self::BareOptional => "`?` covers a refined type in parentheses".to_owned(),
            Self::UnionOfTypes => "a union is made of literals".to_owned(),
            Self::RecordType => "a record is declared in place, without a colon".to_owned(),
            Self::NestedDeclaration => "a declaration stands at top level".to_owned(),
            Self::QuotedName => "a declared name stands without quotes".to_owned(),
            Self::BadSegment => "a quoted name in a path is plain text".to_owned(),
            Self::NoAccess => "only a path has fields, and nothing is indexed".to_owned(),
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> String {
        let text = match self {
            Self::UnknownCharacter(_) => "remove it, or put it into quotes",
            Self::UnterminatedString => "close it with `\"`; text of several lines stands between `\"\"\"`",
            Self::BadEscape => r#"escapes: `\"`, `\\`, `\n`, `\t`, `\$`, `\u{1F600}`"#,
            Self::BadInsert => "insert a path such as `${needs.orders.url}`, or write `\\${` for the characters",
            Self::UnknownUnit(_) => "units: ms s m h d w, B KB MB GB TB KiB MiB GiB TiB, %, rps, USD EUR",
            Self::TwoUnits => "write it in the smaller unit: `90m` for one hour and a half",
            Self::NumberTooLarge => "whole numbers have 64 bits, all others 30 digits",
            Self::BadDate => "write year, month and day: `2027-03-31`",
            Self::Bidirectional => "remove it; in text it can be written as `\\u{…}`",
            Self::Expected(_) | Self::Unexpected(_) | Self::Unclosed(_) => "",
            Self::NotADeclaration(_) => {
                "declarations: service, resource, team, system, let, moved, removed; and in the platform folder \
                 platform, environment, schema, enum, extend"
            }
            Self::ChainedComparison => "join two comparisons with `and`",
            Self::ValueOnNextLine | Self::BraceOnNextLine => "move it up",
            Self::TooDeep => "at most 128 levels are allowed",
            Self::Reserved(_) => "reserved: true false none if then else and or not in let self",
            Self::FileTooLarge => "split it: a file holds at most 1 MiB",
            Self::NestedOverlay => "move it out: `in prod { needs.orders { … } }`",
            Self::MissingSeparator => "put them on two lines, or a comma between them",
            Self::ColonForEquals => "write `name = value`",
            Self::BadTextBlock => {
                "begin it on the line after `\"\"\"`, and put the closing `\"\"\"` on a line of its own"
            }
            Self::ShallowLine => "indent it at least as far as the closing `\"\"\"`",
            Self::ControlCharacter(_) => "write it as `\\u{…}`",
            Self::WrongQuotes => "write `\"…\"`",
            Self::NonAsciiName => "use the letters a to z; any text can stand in quotes",
            Self::WrongComment => "begin each of its lines with `//`",
            Self::WrongOperator(_) => "operators: and or not == != < <= > >= in ?? .. + - * /",
            Self::Semicolon => "put each entry on a line of its own, or a comma between two",
            Self::SpacedUnit => "remove the space",
            Self::MalformedNumber(problem) => problem.help(),
            Self::Unopened(_) => "remove it, or add what it should close",
            Self::StrayEntry => "move it into the braces of a declaration",
            Self::ChainedRange => "a range has one lower and one upper end: `3..12`",
            Self::MisplacedNot => "write `not (a in b)`",
            Self::BareOptional => "write `(int in 1..5)?`",
            Self::UnionOfTypes => "list literals, such as `\"14\" | \"15\"`, or declare an enum",
            Self::RecordType => "write `name { field : type }`, or declare a schema and name it",
            Self::NestedDeclaration => "move it out of the braces",
            Self::QuotedName => "remove the quotes",
            Self::BadSegment => "write the text itself",
            Self::NoAccess => "name the whole path: `needs.orders.url`",
        };
        text.to_owned()
    }
}

impl NumberProblem {
    fn message(self) -> &'static str {
        match self {
            Self::Point => "a decimal point has digits on both sides",
            Self::Underscore => "`_` stands between two digits",
            Self::LeadingZero => "a number does not begin with `0`",
            Self::Version => "this is not a number",
        }
    }

    fn help(self) -> &'static str {
        match self {
            Self::Point => "write `0.5`, or `3`",
            Self::Underscore => "write `1_000`",
            Self::LeadingZero => "remove the zeros, or put it into quotes if it is text",
            Self::Version => "versions and addresses are text: put it into quotes",
        }
    }
}

/// A character as a reader can see it.
fn visible(c: char) -> String {
    if c.is_ascii_graphic() || c.is_alphanumeric() { format!("`{c}`") } else { format!("U+{:04X}", u32::from(c)) }
}
