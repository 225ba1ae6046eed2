//! All pages as one HTML document: no script, nothing loaded from elsewhere, readable on a phone and by a screen reader,
//! light or dark as the reader prefers.

use crate::page::{Block, GROUPS, Inline, Page, Target};
use crate::reference::MARK;

/// The look. Colors keep a contrast of 4.5:1 in both schemes.
const STYLE: &str = include_str!("style.css");

/// The document.
pub fn document(workspace: &str, pages: &[Page]) -> String {
    let name = escaped(workspace);
    let mut text = format!(
        "<!doctype html>\n{MARK}\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>Reference of {name}</title>\n\
         <style>\n{STYLE}</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#content\">Skip to the content</a>\n\
         <nav aria-label=\"All pages\">\n"
    );
    for group in GROUPS {
        let mut pages = pages.iter().filter(|page| page.at.group == group).peekable();
        if pages.peek().is_none() {
            continue;
        }
        text += &format!("<h2>{}</h2>\n<ul>\n", group.title());
        pages.for_each(|page| text += &format!("<li>{}</li>\n", link(&page.at, &page.at.name)));
        text += "</ul>\n";
    }
    text += &format!("</nav>\n<main id=\"content\">\n<h1>Reference of {name}</h1>\n");
    pages.iter().for_each(|page| article(page, &mut text));
    text += "</main>\n</body>\n</html>\n";
    text
}

fn article(page: &Page, text: &mut String) {
    let id = anchor(&page.at);
    *text += &format!("<article aria-labelledby=\"{id}\">\n<h2 id=\"{id}\">{}</h2>\n", code(&page.at.name));
    for block in &page.blocks {
        match block {
            Block::Section(title) => *text += &format!("<h3>{title}</h3>\n"),
            Block::Item(name) => *text += &format!("<h4 id=\"{id}.{}\">{}</h4>\n", escaped(name), code(name)),
            Block::Paragraph(words) => *text += &format!("<p>{}</p>\n", inlines(words)),
            Block::List(items) => {
                *text += "<ul>\n";
                items.iter().for_each(|words| *text += &format!("<li>{}</li>\n", inlines(words)));
                *text += "</ul>\n";
            }
            // A region that scrolls has to be reachable by the keyboard.
            Block::Code { text: lines, .. } => {
                *text += &format!("<pre tabindex=\"0\"><code>{}</code></pre>\n", escaped(lines));
            }
        }
    }
    *text += "</article>\n";
}

fn inlines(words: &[Inline]) -> String {
    words
        .iter()
        .map(|word| match word {
            Inline::Text(words) => escaped(words),
            Inline::Code(words) => code(words),
            Inline::Strong(words) => format!("<strong>{}</strong>", escaped(words)),
            Inline::Link(target, name) => link(target, name),
        })
        .collect()
}

fn link(target: &Target, name: &str) -> String {
    format!("<a href=\"#{}\">{}</a>", anchor(target), code(name))
}

fn anchor(target: &Target) -> String {
    escaped(&format!("{}-{}", target.group.folder(), target.name))
}

fn code(text: &str) -> String {
    format!("<code>{}</code>", escaped(text))
}

/// Text that cannot be taken for markup, in elements and in quoted attributes.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\n' | '\t' => escaped.push(letter),
            control if control.is_control() => escaped.push('\u{fffd}'),
            plain => escaped.push(plain),
        }
    }
    escaped
}
