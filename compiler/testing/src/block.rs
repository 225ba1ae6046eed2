//! Fenced blocks of a Markdown page, with the heading above them.

use std::ops::Range;

/// A fenced block.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Block {
    /// The headings above it, joined by ` / `.
    pub heading: String,
    /// Which heading of the page it stands below, counted from 1; 0 for none.
    pub section: usize,
    /// The line of that heading.
    pub heading_line: usize,
    /// The words behind the fence: the language, then whatever else is said.
    pub info: Vec<String>,
    /// Its content, each line with its break.
    pub text: String,
    /// Where the content stands in the page.
    pub range: Range<usize>,
    /// The line of the opening fence, counted from 1.
    pub line: usize,
}

impl Block {
    /// The first word behind the fence.
    #[must_use]
    pub fn language(&self) -> &str {
        self.info.first().map_or("", String::as_str)
    }

    /// Whether a word stands behind the fence.
    #[must_use]
    pub fn says(&self, word: &str) -> bool {
        self.info.iter().skip(1).any(|said| said == word)
    }

    /// The file that the block is or speaks of, if its fence names one.
    #[must_use]
    pub fn path(&self) -> Option<&str> {
        self.info.iter().skip(1).find(|word| word.contains(['.', '/'])).map(String::as_str)
    }

    /// Whether it is a file of a program.
    #[must_use]
    pub fn is_file(&self) -> bool {
        match self.language() {
            "idp" => true,
            "toml" => self.path().is_some(),
            _ => false,
        }
    }
}

/// A block without an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unclosed {
    /// The line of its opening fence.
    pub line: usize,
}

/// A heading with the number of `#` before it.
struct Heading<'p> {
    depth: usize,
    text: &'p str,
}

/// Every fenced block of a page, in order.
///
/// # Errors
/// When a block is never closed: it would swallow all that follows.
pub fn blocks(page: &str) -> Result<Vec<Block>, Unclosed> {
    let mut found: Vec<Block> = Vec::new();
    let mut headings: Vec<Heading<'_>> = Vec::new();
    let (mut section, mut heading_line) = (0, 1);
    let mut open: Option<(usize, Block)> = None;
    let mut at = 0;
    for (number, line) in page.split_inclusive('\n').enumerate() {
        let start = at;
        at += line.len();
        let ticks = line.bytes().take_while(|byte| *byte == b'`').count();
        match &mut open {
            Some((fence, block)) if ticks >= *fence && line.trim_end().len() == ticks => {
                block.range.end = start;
                block.text = page.get(block.range.clone()).unwrap_or_default().to_owned();
                found.extend(open.take().map(|(_, block)| block));
            }
            Some(_) => {}
            None if ticks >= 3 => {
                let block = Block {
                    heading: headings.iter().map(|heading| heading.text).collect::<Vec<_>>().join(" / "),
                    section,
                    heading_line,
                    info: line.trim_start_matches('`').split_whitespace().map(str::to_owned).collect(),
                    text: String::new(),
                    range: at..at,
                    line: number + 1,
                };
                open = Some((ticks, block));
            }
            None => {
                if let Some(next) = heading(line) {
                    headings.retain(|other| other.depth < next.depth);
                    headings.push(next);
                    section += 1;
                    heading_line = number + 1;
                }
            }
        }
    }
    match open {
        Some((_, block)) => Err(Unclosed { line: block.line }),
        None => Ok(found),
    }
}

fn heading(line: &str) -> Option<Heading<'_>> {
    let text = line.trim_start_matches('#');
    let depth = line.len() - text.len();
    (depth > 0 && text.starts_with(' ')).then(|| Heading { depth, text: text.trim() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_know_their_heading_their_place_and_their_words() {
        let page = "# A\n\n```idp x.idp fails\none\n```\n\n## B\n````text\n```\n````\n## C\n### B\n```idp\n```\n";
        let found = blocks(page).unwrap();
        let headings: Vec<&str> = found.iter().map(|block| block.heading.as_str()).collect();
        assert_eq!(headings, ["A", "A / B", "A / C / B"]);
        assert_eq!((found[0].path(), found[0].line, found[0].text.as_str()), (Some("x.idp"), 3, "one\n"));
        assert!(found[0].says("fails") && !found[0].says("idp"));
        assert_eq!(found[1].text, "```\n");
        assert_eq!(&page[found[2].range.clone()], "");
        assert_eq!((found[1].section, found[1].heading_line, found[2].section), (2, 7, 4));
    }

    #[test]
    fn a_block_without_an_end_is_an_error() {
        assert_eq!(blocks("a\n```idp\nx\n"), Err(Unclosed { line: 2 }));
    }
}
