//! How two texts differ, line by line, for people.

use similar::{ChangeTag, TextDiff};

/// How many equal lines stand around a change.
const CONTEXT: usize = 3;

/// `-` was expected and `+` was found; far from a change nothing is shown.
pub fn lines(expected: &str, actual: &str) -> String {
    let diff = TextDiff::from_lines(expected, actual);
    let mut text = String::new();
    for (number, group) in diff.grouped_ops(CONTEXT).iter().enumerate() {
        if number > 0 {
            text.push_str("  …\n");
        }
        for change in group.iter().flat_map(|operation| diff.iter_changes(operation)) {
            let sign = match change.tag() {
                ChangeTag::Delete => '-',
                ChangeTag::Insert => '+',
                ChangeTag::Equal => ' ',
            };
            text.push(sign);
            text.push(' ');
            text.push_str(change.value().trim_end_matches('\n'));
            text.push('\n');
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_shown_with_what_stands_around_them() {
        let old: String = (0..20).map(|n| format!("{n}\n")).collect();
        let new = old.replace("\n9\n", "\nnine\n");
        assert_eq!(lines(&old, &new), "  6\n  7\n  8\n- 9\n+ nine\n  10\n  11\n  12\n");
        assert_eq!(lines("a\n", "a\n"), "");
    }
}
