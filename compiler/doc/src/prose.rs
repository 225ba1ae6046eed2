//! Documentation comments as blocks: paragraphs, lists, fenced code and words in backquotes; nothing else is markup.

use crate::page::{Block, Inline};

/// A block of code in a documentation comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fenced {
    /// The words behind the fence.
    pub info: Vec<String>,
    /// The lines.
    pub text: String,
}

/// The blocks of a comment, without its examples.
pub fn blocks(doc: &str) -> Vec<Block> {
    let mut found = Vec::new();
    for part in parts(doc) {
        match part {
            Part::Text(lines) => found.push(Block::Paragraph(inlines(&lines.join(" ")))),
            Part::List(items) => found.push(Block::List(items.iter().map(|item| inlines(item)).collect())),
            Part::Fenced(fenced) if is_example(&fenced) => {}
            Part::Fenced(fenced) => {
                let language = fenced.info.first().cloned().unwrap_or_default();
                found.push(Block::Code { language, text: fenced.text });
            }
        }
    }
    found
}

/// The examples of a comment: its `idp` blocks.
pub fn examples(doc: &str) -> Vec<Fenced> {
    let fenced = parts(doc).into_iter().filter_map(|part| match part {
        Part::Fenced(fenced) => Some(fenced),
        Part::Text(_) | Part::List(_) => None,
    });
    fenced.filter(is_example).collect()
}

/// The first sentence of a comment.
pub fn summary(doc: &str) -> Vec<Inline> {
    let first = parts(doc).into_iter().find_map(|part| match part {
        Part::Text(lines) => Some(lines.join(" ")),
        Part::List(_) | Part::Fenced(_) => None,
    });
    let first = first.unwrap_or_default();
    // A full stop in a piece of a program ends nothing.
    let ends = first
        .match_indices(". ")
        .find(|(at, _)| first.get(..*at).is_some_and(|before| before.matches('`').count() % 2 == 0));
    inlines(ends.and_then(|(at, _)| first.get(..=at)).unwrap_or(&first))
}

/// The pieces in backquotes.
pub fn quoted(doc: &str) -> Vec<String> {
    let pieces = inlines(doc).into_iter().filter_map(|piece| match piece {
        Inline::Code(text) => Some(text),
        _ => None,
    });
    pieces.collect()
}

fn is_example(fenced: &Fenced) -> bool {
    fenced.info.first().is_some_and(|language| language == "idp")
}

enum Part<'d> {
    Text(Vec<&'d str>),
    List(Vec<String>),
    Fenced(Fenced),
}

fn parts(doc: &str) -> Vec<Part<'_>> {
    let mut parts: Vec<Part<'_>> = Vec::new();
    let mut lines = doc.lines();
    // An empty line, or any other block, parts paragraphs.
    let mut parted = true;
    while let Some(line) = lines.next() {
        if let Some(info) = line.strip_prefix("```") {
            let info = info.split_whitespace().map(str::to_owned).collect();
            let text =
                lines.by_ref().take_while(|line| line.trim_end() != "```").map(|line| format!("{line}\n")).collect();
            parts.push(Part::Fenced(Fenced { info, text }));
            parted = true;
        } else if line.trim().is_empty() {
            parted = true;
        } else if let Some(item) = line.strip_prefix("- ") {
            match parts.last_mut() {
                Some(Part::List(items)) if !parted => items.push(item.to_owned()),
                _ => parts.push(Part::List(vec![item.to_owned()])),
            }
            parted = false;
        } else {
            match parts.last_mut() {
                Some(Part::Text(text)) if !parted => text.push(line.trim()),
                Some(Part::List(items)) if !parted => {
                    if let Some(item) = items.last_mut() {
                        *item = format!("{item} {}", line.trim());
                    }
                }
                _ => parts.push(Part::Text(vec![line.trim()])),
            }
            parted = false;
        }
    }
    parts
}

/// Text with words in backquotes.
pub fn inlines(line: &str) -> Vec<Inline> {
    let mut found = Vec::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('`') {
        let Some((code, after)) = after.split_once('`') else { break };
        if !before.is_empty() {
            found.push(Inline::Text(before.to_owned()));
        }
        if !code.is_empty() {
            found.push(Inline::Code(code.to_owned()));
        }
        rest = after;
    }
    if !rest.is_empty() {
        found.push(Inline::Text(rest.to_owned()));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_is_paragraphs_lists_and_code() {
        let doc = "One `a. b` line\ngoes on. Then more.\n\n- first\n  of all\n- second\n```idp x.idp\nteam a {}\n```\n```yaml\na: 1\n```\nend `open";
        let found = blocks(doc);
        assert_eq!(found.len(), 4);
        assert_eq!(found[1], Block::List(vec![inlines("first of all"), inlines("second")]));
        assert_eq!(found[2], Block::Code { language: String::from("yaml"), text: String::from("a: 1\n") });
        assert_eq!(found[3], Block::Paragraph(vec![Inline::Text(String::from("end `open"))]));
        assert_eq!(examples(doc)[0].text, "team a {}\n");
        assert_eq!(summary(doc), inlines("One `a. b` line goes on."));
        assert_eq!(quoted("`a` and `b`"), ["a", "b"]);
    }
}
