//! Whether a text holds another, compared as trees of indented lines: what YAML looks like, and any list of lines.
//!
//! Every line that is wanted has to stand below the same parents; lines between them are free. Elements of a list keep
//! their order, keys of a map need not.

/// A line with the lines that are indented below it.
#[derive(Debug, Default, PartialEq, Eq)]
struct Node<'t> {
    /// Its number in the whole text, counted from 0.
    number: usize,
    text: &'t str,
    below: Vec<Node<'t>>,
}

/// How a list's element begins; what follows on its line stands below it.
const ELEMENT: &str = "-";

/// A wanted line that is not there.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Missing<'t> {
    /// The lines that lead to it, and itself.
    pub way: Vec<&'t str>,
    /// Its number, counted from 0.
    number: usize,
    /// What stands in its place.
    pub instead: Vec<String>,
}

/// The first wanted line that is not there; nothing if all of them are. Each document of a stream is looked for by
/// itself.
pub fn missing<'t>(wanted: &'t str, actual: &str) -> Option<Missing<'t>> {
    let documents: Vec<Vec<Node<'_>>> = documents(actual).iter().map(|document| tree(document)).collect();
    self::documents(wanted).iter().find_map(|document| {
        let nodes = tree(document);
        let empty: &[Node<'_>] = &[];
        let mut best = unmet(&nodes, empty)?;
        for candidate in &documents {
            let missing = unmet(&nodes, candidate)?;
            // The document that goes furthest says what is missing.
            if missing.way.len() > best.way.len() || best.instead.is_empty() {
                best = missing;
            }
        }
        Some(best)
    })
}

/// The wanted text with the values that the other one has; nothing if more than values differs.
pub fn renewed(wanted: &str, actual: &str) -> Option<String> {
    let mut text = wanted.to_owned();
    for _ in wanted.lines() {
        let (number, old, new) = match missing(&text, actual) {
            None => return Some(text),
            // Which element of a list was meant is not certain enough.
            Some(missing) if missing.way.contains(&ELEMENT) => return None,
            Some(missing) => {
                let old = missing.way.last().copied()?;
                let (key, _) = old.split_once(": ")?;
                let new =
                    missing.instead.iter().find(|line| line.split_once(": ").is_some_and(|(same, _)| same == key));
                (missing.number, old.to_owned(), new?.clone())
            }
        };
        let lines = text.split_inclusive('\n').enumerate();
        text =
            lines.map(|(at, line)| if at == number { line.replacen(&old, &new, 1) } else { line.to_owned() }).collect();
    }
    missing(&text, actual).is_none().then_some(text)
}

/// The documents of a stream, each with its lines and their numbers.
fn documents(text: &str) -> Vec<Vec<(usize, &str)>> {
    let lines: Vec<(usize, &str)> = text.lines().map(str::trim_end).enumerate().collect();
    let split = lines.split(|(_, line)| *line == "---").map(<[_]>::to_vec);
    split.filter(|document| document.iter().any(|(_, line)| !line.is_empty())).collect()
}

/// Lines as a tree, by their indentation.
fn tree<'t>(lines: &[(usize, &'t str)]) -> Vec<Node<'t>> {
    let mut flat: Vec<Line<'t>> = Vec::new();
    for (number, line) in lines.iter().filter(|(_, line)| !line.is_empty()) {
        let mut text = line.trim_start();
        let mut indent = line.len() - text.len();
        while let Some(rest) = text.strip_prefix("- ") {
            flat.push(Line { number: *number, indent, text: ELEMENT });
            text = rest.trim_start();
            indent += 2;
        }
        flat.push(Line { number: *number, indent, text });
    }
    let mut rest = flat.as_slice();
    let mut nodes = Vec::new();
    while let Some((node, after)) = node(rest) {
        nodes.push(node);
        rest = after;
    }
    nodes
}

/// A line with its indentation taken off.
struct Line<'t> {
    number: usize,
    indent: usize,
    text: &'t str,
}

/// The first line with all that stands below it, and what follows.
fn node<'f, 't>(flat: &'f [Line<'t>]) -> Option<(Node<'t>, &'f [Line<'t>])> {
    let (first, mut rest) = flat.split_first()?;
    let mut below = Vec::new();
    while rest.first().is_some_and(|next| {
        // A list may stand at the indentation of its key.
        let list = next.text == ELEMENT && first.text != ELEMENT && first.text.ends_with(':');
        next.indent > first.indent || (next.indent == first.indent && list)
    }) {
        let Some((child, after)) = node(rest) else { break };
        below.push(child);
        rest = after;
    }
    Some((Node { number: first.number, text: first.text, below }, rest))
}

/// The first line that is not met.
fn unmet<'t>(wanted: &[Node<'t>], actual: &[Node<'_>]) -> Option<Missing<'t>> {
    let mut elements = actual.iter().filter(|node| node.text == ELEMENT);
    for node in wanted {
        let mut furthest: Option<Missing<'t>> = None;
        let mut meets = |candidate: &Node<'_>| match unmet(&node.below, &candidate.below) {
            None => true,
            Some(missing) => {
                if furthest.as_ref().is_none_or(|known| missing.way.len() > known.way.len()) {
                    furthest = Some(missing);
                }
                false
            }
        };
        let met = if node.text == ELEMENT {
            elements.any(&mut meets)
        } else {
            actual.iter().any(|candidate| candidate.text == node.text && meets(candidate))
        };
        if met {
            continue;
        }
        let mut found = furthest.unwrap_or_else(|| {
            // A bare `-` says nothing about which element is meant.
            let shown = if node.text == ELEMENT { node.below.first().map(|first| first.text) } else { None };
            let instead = actual.iter().map(shown_alone).collect();
            Missing { way: shown.into_iter().collect(), number: node.number, instead }
        });
        found.way.insert(0, node.text);
        return Some(found);
    }
    None
}

/// A line as it looks without what stands below it; an element with its first line.
fn shown_alone(node: &Node<'_>) -> String {
    match node.below.first() {
        Some(first) if node.text == ELEMENT => format!("- {}", first.text),
        _ => node.text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "\
kind: Bucket
metadata:
  name: a
---
kind: Postgres
metadata:
  name: orders
spec:
  size: 50
  users:
  - name: a
    access: read
  - name: b
    access: write
";

    #[test]
    fn a_part_is_there_with_its_parents() {
        for wanted in [
            "spec:\n  size: 50\n",
            "kind: Postgres\nspec:\n  users:\n    - name: b\n      access: write\n",
            "spec:\n  users:\n  - access: write\n",
            "kind: Bucket\n---\nkind: Postgres\n",
            "",
        ] {
            assert_eq!(missing(wanted, FILE), None, "{wanted}");
        }
    }

    #[test]
    fn what_is_missing_is_named_with_its_way() {
        for (wanted, way, instead) in [
            ("spec:\n  size: 51\n", "spec: > size: 51", "size: 50, users:"),
            ("size: 50\n", "size: 50", "kind: Bucket, metadata:"),
            ("kind: Bucket\nspec:\n  size: 50\n", "spec:", "kind: Bucket, metadata:"),
            (
                "spec:\n  users:\n  - name: a\n    access: write\n",
                "spec: > users: > - > access: write",
                "name: a, access: read",
            ),
            ("spec:\n  users:\n  - name: b\n  - name: a\n", "spec: > users: > - > name: a", "- name: a, - name: b"),
        ] {
            let found = missing(wanted, FILE).unwrap();
            assert_eq!((found.way.join(" > ").as_str(), found.instead.join(", ").as_str()), (way, instead), "{wanted}");
        }
        assert_eq!(missing("a\n", "").unwrap().way, ["a"]);
    }

    #[test]
    fn values_are_renewed_and_nothing_else() {
        let renewed = |wanted: &str| renewed(wanted, FILE);
        let wanted = "kind: Postgres\nmetadata:\n  name: old\nspec:\n  size: 51\n";
        assert_eq!(renewed(wanted).unwrap(), "kind: Postgres\nmetadata:\n  name: orders\nspec:\n  size: 50\n");
        assert_eq!(renewed("spec:\n  color: red\n"), None);
        assert_eq!(renewed("spec:\n  users:\n  - name: c\n"), None);
    }
}
