//! The page of each code: part of the program, printed by `idpc explain` and carried by reports that explain their rules.

use include_dir::{Dir, include_dir};

static PAGES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../docs/errors");

/// How every code begins.
pub const PREFIX: &str = "IDP";

/// What codes are about, by their first two digits.
const GROUPS: &[(&str, &str)] = &[
    ("00", "Grammar"),
    ("01", "Names"),
    ("02", "Schemas"),
    ("03", "Values"),
    ("04", "What services promise each other"),
    ("05", "Comments that silence"),
    ("06", "Identity"),
    ("07", "Workspaces and platforms"),
    ("08", "Writing the output"),
    ("09", "What a build may not take away"),
];

/// What is said about one code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Page {
    /// The code.
    pub code: &'static str,
    /// All of it, as Markdown.
    pub text: &'static str,
}

impl Page {
    /// The rule in one line.
    #[must_use]
    pub fn title(self) -> &'static str {
        let line = self.text.lines().next().unwrap_or_default().trim_start_matches(['#', ' ']);
        line.strip_prefix(self.code).unwrap_or(line).trim_start_matches([':', ' '])
    }

    /// The paragraphs between the title and the first program: why there is such a rule.
    #[must_use]
    pub fn reason(self) -> &'static str {
        let below = self.text.split_once('\n').map_or("", |(_, below)| below);
        below.split("\n## ").next().unwrap_or_default().trim()
    }

    /// What the code is about.
    #[must_use]
    pub fn group(self) -> &'static str {
        let digits = self.code.get(PREFIX.len()..PREFIX.len() + 2).unwrap_or_default();
        GROUPS.iter().find(|(known, _)| *known == digits).map_or("Others", |(_, name)| name)
    }
}

/// Every page, sorted by code.
#[must_use]
pub fn pages() -> Vec<Page> {
    let mut pages: Vec<Page> = PAGES
        .files()
        .filter_map(|file| Some(Page { code: file.path().to_str()?.strip_suffix(".md")?, text: file.contents_utf8()? }))
        .filter(|page| page.code.starts_with(PREFIX))
        .collect();
    pages.sort_unstable();
    pages
}

/// The page of a code.
#[must_use]
pub fn page(code: &str) -> Option<Page> {
    let file = PAGES.get_file(format!("{code}.md"))?;
    let code = file.path().to_str()?.strip_suffix(".md")?;
    Some(Page { code, text: file.contents_utf8()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_sorted_and_only_pages() {
        let pages = pages();
        assert!(pages.is_sorted() && pages.len() > 100);
        for found in pages {
            assert!(found.code.len() == 7 && found.text.starts_with("# "), "{found:?}");
            assert!(!found.title().is_empty() && !found.title().contains("IDP"), "{found:?}");
            assert!(!found.reason().is_empty() && !found.reason().contains("## Fails"), "{found:?}");
            assert_ne!(found.group(), "Others", "{}", found.code);
            assert_eq!(page(found.code), Some(found));
        }
    }

    #[test]
    fn what_is_no_code_has_no_page() {
        for code in ["IDP9999", "README", "../language", ""] {
            assert_eq!(page(code).filter(|page| page.code.starts_with(PREFIX)), None, "{code}");
        }
    }
}
