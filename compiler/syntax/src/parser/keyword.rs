//! Words that mean something only where a declaration or a member can begin.

/// Words that begin a declaration.
pub(crate) const DECLARATIONS: &[&str] = &[
    "service",
    "resource",
    "team",
    "system",
    "environment",
    "platform",
    "schema",
    "enum",
    "extend",
    "let",
    "moved",
    "removed",
];

/// Words that cannot be names.
const RESERVED: &[&str] = &["true", "false", "none", "if", "then", "else", "and", "or", "not", "in", "let", "self"];

/// Whether a declaration begins with this word.
#[must_use]
pub fn is_declaration(word: &str) -> bool {
    DECLARATIONS.contains(&word)
}

/// Whether this word cannot be a name.
#[must_use]
pub fn is_reserved(word: &str) -> bool {
    RESERVED.contains(&word)
}

/// The word that an operator of another language stands for; any other word for itself.
pub(crate) fn meaning(word: &str) -> &str {
    match word {
        "&&" => "and",
        "||" => "or",
        "!" => "not",
        _ => word,
    }
}

/// The keyword that somebody who wrote `word` probably meant.
pub(crate) fn nearest(word: &str) -> Option<&'static str> {
    const SYNONYMS: &[(&str, &str)] = &[
        ("app", "service"),
        ("application", "service"),
        ("component", "service"),
        ("svc", "service"),
        ("env", "environment"),
        ("group", "team"),
        ("const", "let"),
        ("var", "let"),
        ("type", "schema"),
        ("struct", "schema"),
        ("class", "schema"),
        ("record", "schema"),
        ("domain", "system"),
        ("rename", "moved"),
        ("renamed", "moved"),
        ("deleted", "removed"),
        ("def", "let"),
    ];
    if let Some((_, meant)) = SYNONYMS.iter().find(|(synonym, _)| *synonym == word) {
        return Some(meant);
    }
    let limit = if word.len() < 5 { 1 } else { 2 };
    DECLARATIONS
        .iter()
        .map(|keyword| (distance(word, keyword), *keyword))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, keyword)| keyword)
}

/// How many characters have to be inserted, removed, replaced or swapped with their neighbor.
fn distance(left: &str, right: &str) -> usize {
    let (left, right) = (left.to_ascii_lowercase(), right.as_bytes());
    if left.len().abs_diff(right.len()) > 2 {
        return usize::MAX;
    }
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=right.len()).collect();
    let mut previous_letter = None;
    for (row, letter) in left.bytes().enumerate() {
        let mut current = vec![row + 1];
        let mut previous_other = None;
        for (column, other) in right.iter().copied().enumerate() {
            let at = |line: &[usize], index: usize| line.get(index).copied().unwrap_or(usize::MAX - 1);
            let mut best = (at(&last, column) + usize::from(letter != other))
                .min(at(&last, column + 1) + 1)
                .min(at(&current, column) + 1);
            if previous_letter == Some(other) && previous_other == Some(letter) && column > 0 {
                best = best.min(at(&before_last, column - 1) + 1);
            }
            current.push(best);
            previous_other = Some(other);
        }
        before_last = std::mem::replace(&mut last, current);
        previous_letter = Some(letter);
    }
    last.last().copied().unwrap_or(usize::MAX)
}
