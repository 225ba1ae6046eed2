//! Pages as Markdown. Text is escaped, so that no documentation changes the structure of a page.

use crate::page::{Block, GROUPS, Inline, Page, Target};
use crate::reference::MARK;

/// Where a page lies.
pub fn path(at: &Target) -> String {
    format!("{}/{}.md", at.group.folder(), at.name)
}

/// The list of all pages.
pub fn index(workspace: &str, pages: &[Page]) -> String {
    let mut text = format!("{MARK}\n\n# Reference of {}\n", escaped(workspace));
    for group in GROUPS {
        let mut pages = pages.iter().filter(|page| page.at.group == group).peekable();
        if pages.peek().is_none() {
            continue;
        }
        text += &format!("\n## {}\n\n", group.title());
        for page in pages {
            let summary = inlines(&page.summary, "");
            let dash = if summary.is_empty() { "" } else { ": " };
            text += &format!("- [{}]({}){dash}{summary}\n", code(&page.at.name), path(&page.at));
        }
    }
    text
}

/// One page.
pub fn page(page: &Page) -> String {
    let mut text = format!("{MARK}\n\n# {}\n", code(&page.at.name));
    for block in &page.blocks {
        text.push('\n');
        match block {
            Block::Section(title) => text += &format!("## {title}\n"),
            Block::Item(name) => text += &format!("### {}\n", code(name)),
            Block::Paragraph(words) => text += &format!("{}\n", line(words)),
            Block::List(items) => items.iter().for_each(|words| text += &format!("- {}\n", line(words))),
            Block::Code { language, text: lines } => text += &fenced(language, lines),
        }
    }
    text
}

/// A line of a page that lies one folder below the index.
fn line(words: &[Inline]) -> String {
    inlines(words, "../")
}

fn inlines(words: &[Inline], up: &str) -> String {
    let mut text = String::new();
    for (at, word) in words.iter().enumerate() {
        match word {
            // What stands at the beginning of a line could be a heading or a list.
            Inline::Text(words) if at == 0 => text += &beginning(&escaped(words)),
            Inline::Text(words) => text += &escaped(words),
            Inline::Code(words) => text += &code(words),
            Inline::Strong(words) => text += &format!("**{}**", escaped(words)),
            Inline::Link(target, name) => text += &format!("[{}]({up}{})", code(name), path(target)),
        }
    }
    text
}

/// Text without markup. Line breaks are spaces.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '$' => escaped.extend(['\\', letter]),
            '&' => escaped.push_str("&amp;"),
            '\n' | '\r' => escaped.push(' '),
            plain => escaped.push(plain),
        }
    }
    escaped
}

/// Escapes what means something at the beginning of a line only.
fn beginning(text: &str) -> String {
    let trimmed = text.trim_start();
    let digits = trimmed.len() - trimmed.trim_start_matches(|letter: char| letter.is_ascii_digit()).len();
    match trimmed.chars().nth(digits) {
        Some('#' | '+' | '-' | '=' | ':') if digits == 0 => format!("\\{trimmed}"),
        Some('.' | ')') if digits > 0 => {
            let (number, rest) = trimmed.split_at(digits);
            format!("{number}\\{rest}")
        }
        _ => trimmed.to_owned(),
    }
}

/// A piece of a program, in as many backquotes as it takes.
fn code(text: &str) -> String {
    let text = text.replace(['\n', '\r'], " ");
    let fence = "`".repeat(longest_run(&text) + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') || text.trim().is_empty() { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

fn fenced(language: &str, lines: &str) -> String {
    let fence = "`".repeat((longest_run(lines) + 1).max(3));
    let language: String = language.chars().filter(|letter| letter.is_ascii_alphanumeric() || *letter == '-').collect();
    let end = if lines.is_empty() || lines.ends_with('\n') { "" } else { "\n" };
    format!("{fence}{language}\n{lines}{end}{fence}\n")
}

/// The most backquotes in a row.
fn longest_run(text: &str) -> usize {
    text.split(|letter| letter != '`').map(str::len).max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_text() {
        assert_eq!(line(&[Inline::Text(String::from("# a *b* <c> & `d`"))]), "\\# a \\*b\\* \\<c\\> &amp; \\`d\\`");
        assert_eq!(line(&[Inline::Text(String::from("12. x"))]), "12\\. x");
        assert_eq!(code("a`b``"), "``` a`b`` ```");
        assert_eq!(fenced("idp x", "````\n"), "`````idpx\n````\n`````\n");
    }
}
