//! A page as plain data, before it is Markdown or HTML. Whatever a user wrote is text here, never markup.

/// What a page is about; also its folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// What services need.
    Kinds,
    /// What services are.
    Paths,
    /// What the compiler knows by name.
    Roots,
    /// Records that fields hold.
    Records,
    /// Closed sets of words.
    Enums,
}

/// Every group, in the order of the index.
pub const GROUPS: [Group; 5] = [Group::Kinds, Group::Paths, Group::Roots, Group::Records, Group::Enums];

/// A page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Where it belongs.
    pub at: Target,
    /// One sentence for the index.
    pub summary: Vec<Inline>,
    /// What it says below its title.
    pub blocks: Vec<Block>,
}

/// A page that can be linked to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Target {
    /// Its group.
    pub group: Group,
    /// The schema or enum.
    pub name: String,
}

/// A part of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A heading below the page's title.
    Section(&'static str),
    /// A heading with a name below a section.
    Item(String),
    /// A paragraph.
    Paragraph(Vec<Inline>),
    /// A list.
    List(Vec<Vec<Inline>>),
    /// Lines of a program.
    Code {
        /// What they are written in; may be empty.
        language: String,
        /// The lines.
        text: String,
    },
}

/// A part of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inline {
    /// Plain text.
    Text(String),
    /// A piece of a program.
    Code(String),
    /// A word that matters.
    Strong(String),
    /// A name that leads to another page.
    Link(Target, String),
}

impl Group {
    /// The folder of its pages.
    #[must_use]
    pub fn folder(self) -> &'static str {
        match self {
            Self::Kinds => "kinds",
            Self::Paths => "paths",
            Self::Roots => "roots",
            Self::Records => "records",
            Self::Enums => "enums",
        }
    }

    /// Its heading in the index.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Kinds => "Kinds: what a service may need",
            Self::Paths => "Golden paths: what a service may be",
            Self::Roots => "Root schemas: what can be declared",
            Self::Records => "Records",
            Self::Enums => "Enums",
        }
    }
}

/// Plain text.
pub(crate) fn text(text: impl Into<String>) -> Inline {
    Inline::Text(text.into())
}

/// A piece of a program.
pub(crate) fn code(text: impl Into<String>) -> Inline {
    Inline::Code(text.into())
}
