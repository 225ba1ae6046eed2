//! A text that matches a pattern.

use regex_syntax::hir::{Class, Hir, HirKind};

/// No example is longer.
const LONGEST: usize = 200;

/// A short text in which the pattern is found; nothing if none is easily made.
pub fn matching(pattern: &str) -> Option<String> {
    let hir = regex_syntax::parse(pattern).ok()?;
    let mut text = String::new();
    write(&hir, &mut text)?;
    Some(text)
}

fn write(hir: &Hir, text: &mut String) -> Option<()> {
    if text.len() > LONGEST {
        return None;
    }
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => text.push_str(std::str::from_utf8(&literal.0).ok()?),
        HirKind::Class(class) => text.push(letter(class)?),
        HirKind::Repetition(repetition) => {
            for _ in 0..repetition.min {
                write(&repetition.sub, text)?;
            }
        }
        HirKind::Capture(capture) => write(&capture.sub, text)?,
        HirKind::Concat(parts) => parts.iter().try_for_each(|part| write(part, text))?,
        HirKind::Alternation(parts) => write(parts.first()?, text)?,
    }
    Some(())
}

/// A letter of a class, a plain one if there is one.
fn letter(class: &Class) -> Option<char> {
    let has = |letter: char| match class {
        Class::Unicode(class) => class.iter().any(|range| (range.start()..=range.end()).contains(&letter)),
        Class::Bytes(class) => u8::try_from(letter)
            .is_ok_and(|byte| class.iter().any(|range| (range.start()..=range.end()).contains(&byte))),
    };
    let plain = ('a'..='z').chain('A'..='Z').chain('0'..='9').find(|letter| has(*letter));
    plain.or_else(|| match class {
        Class::Unicode(class) => class.iter().next().map(|range| range.start()),
        Class::Bytes(class) => class.iter().next().map(|range| char::from(range.start())),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_have_examples() {
        for (pattern, text) in [
            ("^CC-[0-9]{4}$", "CC-0000"),
            ("^[a-z][a-z0-9-]*$", "a"),
            ("^(one|two)+x?$", "one"),
            ("^[A-Za-z0-9-]+/[a-z]{2,}$", "a/aa"),
            ("", ""),
        ] {
            assert_eq!(matching(pattern).as_deref(), Some(text), "{pattern}");
        }
        assert_eq!(matching("(a{100}){100}"), None);
        assert_eq!(matching("["), None);
    }
}
