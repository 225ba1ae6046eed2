//! Keeps values from becoming expressions of GitHub Actions, which evaluates `${{ … }}` in every text of a workflow.

use std::borrow::Cow;

use crate::node::Node;

/// What starts an expression, and an expression whose value is just that.
const START: &str = "${{";
const NEUTRAL: &str = "${{ '${{' }}";
/// An expression whose value is one of the characters that a start is made of.
const DOLLAR: &str = "${{ '$' }}";
const BRACE: &str = "${{ '{' }}";

/// `text` as a whole text of a workflow.
pub(super) fn neutralize(text: &str) -> Cow<'_, str> {
    if text.contains(START) { text.replace(START, NEUTRAL).into() } else { text.into() }
}

/// `text` as a part of a text that reads `before` so far, and goes on with something unknown.
pub(super) fn neutralize_part<'a>(text: &'a str, before: &str) -> Cow<'a, str> {
    let joins = text.starts_with('{') && (before.ends_with('$') || before.ends_with("${"));
    let opens = text.ends_with('$') || text.ends_with("${");
    if !joins && !opens {
        return neutralize(text);
    }
    let (head, body) = match text.strip_prefix('{') {
        Some(rest) if joins => (BRACE, rest),
        _ => ("", text),
    };
    let (body, tail) = match body.strip_suffix("${") {
        Some(rest) => (rest, "{"),
        None => (body.strip_suffix('$').unwrap_or(body), ""),
    };
    let dollar = if opens { DOLLAR } else { "" };
    format!("{head}{}{dollar}{tail}", neutralize(body)).into()
}

/// All texts of `node` as whole texts of a workflow.
pub(super) fn neutralize_node(node: &Node) -> Cow<'_, Node> {
    if is_clean(node) { Cow::Borrowed(node) } else { Cow::Owned(neutralized(node)) }
}

fn is_clean(node: &Node) -> bool {
    match node {
        Node::Str(text) => !text.contains(START),
        Node::List(items) => items.iter().all(is_clean),
        Node::Map(entries) => entries.iter().all(|(key, value)| !key.contains(START) && is_clean(value)),
        Node::Null | Node::Bool(_) | Node::Int(_) | Node::Decimal(_) => true,
    }
}

fn neutralized(node: &Node) -> Node {
    match node {
        Node::Str(text) => Node::Str(neutralize(text).into()),
        Node::List(items) => Node::List(items.iter().map(neutralized).collect()),
        Node::Map(entries) => {
            let entries = entries.iter().map(|(key, value)| (neutralize(key).into(), neutralized(value)));
            Node::Map(entries.collect())
        }
        Node::Null | Node::Bool(_) | Node::Int(_) | Node::Decimal(_) => node.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What GitHub makes of a text in which only our own expressions are live.
    fn evaluated(text: &str) -> String {
        let own = [(NEUTRAL, START), (DOLLAR, "$"), (BRACE, "{")];
        let mut out = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(START) {
            out.push_str(&rest[..at]);
            rest = &rest[at..];
            let (form, value) =
                own.iter().find(|(form, _)| rest.starts_with(form)).expect("no foreign expression is live");
            out.push_str(value);
            rest = &rest[form.len()..];
        }
        out + rest
    }

    #[test]
    fn no_text_becomes_an_expression() {
        for text in ["a", "${{ github.token }}", "$${{", "${{${{", "$", "${", "a ${{ x", "{", "{{ x }}", "$ {{"] {
            assert_eq!(evaluated(&neutralize(text)), text);
        }
    }

    #[test]
    fn no_two_parts_become_an_expression() {
        let parts = ["", "a", "$", "${", "${{", "{", "{{", "{{ x }}", "$$", "${{ x }}", "}}"];
        for first in parts {
            for second in parts {
                for third in parts {
                    let mut out = String::new();
                    for part in [first, second, third] {
                        let part = neutralize_part(part, &out).into_owned();
                        out.push_str(&part);
                    }
                    assert_eq!(evaluated(&out), format!("{first}{second}{third}"));
                }
            }
        }
    }
}
