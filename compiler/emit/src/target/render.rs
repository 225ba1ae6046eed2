//! Writes one file of a target.

use super::{Lifetime, Rule, Target};
use crate::node::Node;
use crate::template::{Fault, Format, Pos, Scratch};

/// A file that a target wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// Where it goes, below the output folder.
    pub path: String,
    /// Its text, never blank.
    pub text: String,
    /// Where the data did not have the shape that it should have; empty unless there is an error in the compiler.
    pub faults: Vec<Fault>,
}

impl Target {
    /// Writes the file of `rule` for `context`, unless there is nothing to write. Without the profile that the platform
    /// asks for there is not.
    ///
    /// `scratch` is memory that makes the next run faster; it has no influence on the text.
    #[must_use]
    pub fn render(&self, rule: &Rule, context: &Node, scratch: &mut Scratch) -> Option<Rendered> {
        let data = self.data(context).ok()?;
        if let Some(when) = &rule.when {
            let mut text = String::new();
            when.render(context, data, scratch, &mut text);
            if text.is_empty() {
                return None;
            }
        }
        let mut text = std::mem::take(&mut scratch.page);
        text.clear();
        let rendered = self.page(rule, context, data, scratch, &mut text);
        scratch.page = text;
        rendered
    }

    /// Writes the file to an empty page.
    fn page(
        &self,
        rule: &Rule,
        context: &Node,
        data: &Node,
        scratch: &mut Scratch,
        text: &mut String,
    ) -> Option<Rendered> {
        write_header(text, rule, context);
        let header = text.len();
        let mut faults = rule.program.render(context, data, scratch, text);
        if text.get(header..).is_none_or(|body| body.trim().is_empty()) {
            return None;
        }
        if !text.ends_with('\n') {
            text.push('\n');
        }
        let path = rule.path.fill(context).unwrap_or_else(|message| {
            faults.push(Fault { file: "target.json".to_owned(), pos: Pos::START, message });
            String::new()
        });
        Some(Rendered { path, text: text.clone(), faults })
    }
}

/// Writes where the file came from; a file that others own afterwards does not say so.
fn write_header(out: &mut String, rule: &Rule, context: &Node) {
    let Some(header) = context.field("header").and_then(Node::text) else {
        return;
    };
    if rule.lifetime == Lifetime::Once {
        return;
    }
    let (before, after) = match (rule.format, &rule.comment) {
        (Format::Yaml | Format::Workflow, _) => ("#", ""),
        (Format::Markdown, _) => ("<!--", " -->"),
        (Format::Text, Some(mark)) => (mark.as_str(), ""),
        (Format::Text, None) | (Format::Json, _) => return,
    };
    let line: String = header.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    out.push_str(before);
    out.push(' ');
    out.push_str(&if rule.format == Format::Markdown { line.replace("--", "- -") } else { line });
    out.push_str(after);
    out.push('\n');
}
