//! Fenced blocks of a Markdown page, with the heading above them.

use std::ops::Range;
use std::path::{Path, PathBuf};

/// A fenced block.
#[derive(Clone, Debug)]
pub struct Block {
    /// The headings above it, joined by ` / `.
    pub heading: String,
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
    pub fn language(&self) -> &str {
        self.info.first().map_or("", String::as_str)
    }

    /// Whether a word stands behind the fence.
    pub fn says(&self, word: &str) -> bool {
        self.info.iter().skip(1).any(|said| said == word)
    }

    /// The file that the block is, if its fence names one.
    pub fn path(&self) -> Option<&str> {
        let named = self.info.iter().skip(1).find(|word| word.contains('.'));
        named.map(String::as_str)
    }
}

/// Every fenced block of a page, in order.
pub fn blocks(page: &str) -> Vec<Block> {
    let mut found: Vec<Block> = Vec::new();
    let mut headings: Vec<(usize, String)> = Vec::new();
    let mut open: Option<(usize, Block)> = None;
    let mut at = 0;
    for (number, line) in page.split_inclusive('\n').enumerate() {
        let start = at;
        at += line.len();
        let ticks = line.bytes().take_while(|byte| *byte == b'`').count();
        match &mut open {
            Some((fence, block)) if ticks >= *fence && line.trim_end().len() == ticks => {
                block.range.end = start;
                block.text = page[block.range.clone()].to_owned();
                found.extend(open.take().map(|(_, block)| block));
            }
            Some(_) => {}
            None if ticks >= 3 => {
                let block = Block {
                    heading: headings.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>().join(" / "),
                    info: line[ticks..].split_whitespace().map(str::to_owned).collect(),
                    text: String::new(),
                    range: at..at,
                    line: number + 1,
                };
                open = Some((ticks, block));
            }
            None => heading(line, &mut headings),
        }
    }
    assert!(open.is_none(), "a block is never closed: {open:?}");
    found
}

fn heading(line: &str, headings: &mut Vec<(usize, String)>) {
    let depth = line.bytes().take_while(|byte| *byte == b'#').count();
    if depth > 0 && line[depth..].starts_with(' ') {
        headings.retain(|(other, _)| *other < depth);
        headings.push((depth, line[depth..].trim().to_owned()));
    }
}

/// Every Markdown page below a folder, sorted by path.
pub fn pages(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(pages(&path));
        } else if path.extension().is_some_and(|extension| extension == "md") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The root of the repository.
pub fn repository() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}
