//! Which texts may stand in YAML without quotes.
//!
//! The rule is the intersection of YAML 1.1 and 1.2: a text is plain only if every reader takes it for text, and for
//! the same text. When in doubt the answer is no.

/// How a byte inside a plain scalar is to be judged.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// Never allowed.
    Bad,
    /// Always allowed after the first place.
    Fine,
    /// A space: not last.
    Space,
    /// `:`: not last and not before a space.
    Colon,
    /// `#`: not after a space.
    Hash,
    /// A byte of a character outside ASCII.
    Wide,
}

fn class(byte: u8) -> Class {
    match byte {
        b' ' => Class::Space,
        b':' => Class::Colon,
        b'#' => Class::Hash,
        0x21..=0x7e => Class::Fine,
        0x80..=0xff => Class::Wide,
        _ => Class::Bad,
    }
}

/// Whether `text` can be written as a plain scalar, as a value or as a key.
#[must_use]
pub fn is_plain(text: &str) -> bool {
    starts_plain(text.as_bytes()) && continues_plain(text) && !is_number_like(text) && !is_word(text)
}

fn starts_plain(bytes: &[u8]) -> bool {
    match bytes {
        [b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'_' | b'$' | b'(', ..] => true,
        [b'.', b'a'..=b'z' | b'A'..=b'Z' | b'/', ..] | [b'.', b'.', b'/', ..] => true,
        [b'-', b'-', b'-', ..] => false,
        [b'-', b'a'..=b'z' | b'A'..=b'Z' | b'-', ..] => true,
        [0x80..=0xff, ..] => true,
        _ => false,
    }
}

fn continues_plain(text: &str) -> bool {
    // Most texts hold nothing that needs a second look, and this loop looks at many bytes at once.
    if text.bytes().all(|byte| matches!(byte, 0x21..=0x7e) && byte != b':' && byte != b'#') {
        return true;
    }
    let mut wide = false;
    let mut before = 0;
    let mut rest = text.as_bytes();
    while let [byte, tail @ ..] = rest {
        match class(*byte) {
            Class::Fine => {}
            Class::Space if tail.is_empty() => return false,
            Class::Colon if matches!(tail, [] | [b' ', ..]) => return false,
            Class::Hash if before == b' ' => return false,
            Class::Space | Class::Colon | Class::Hash => {}
            Class::Wide => wide = true,
            Class::Bad => return false,
        }
        before = *byte;
        rest = tail;
    }
    !wide || text.chars().all(|c| c.is_ascii() || is_visible(c))
}

/// Whether a reader could take `text` for a number, a time of day or a date.
fn is_number_like(text: &str) -> bool {
    let bytes = text.as_bytes();
    let unsigned = match bytes {
        [b'-' | b'+', rest @ ..] => rest,
        _ => bytes,
    };
    let based = matches!(unsigned, [b'0', b'x' | b'X' | b'o' | b'O' | b'b' | b'B', ..]);
    let dated = matches!(unsigned, [a, b, c, d, b'-', ..] if [a, b, c, d].iter().all(|byte| byte.is_ascii_digit()));
    let special = matches!(unsigned, [b'.', rest @ ..] if is_special(rest));
    based
        || dated
        || special
        || bytes.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'_' | b'.' | b',' | b':' | b'e' | b'E' | b'+' | b'-'))
}

fn is_special(name: &[u8]) -> bool {
    name.eq_ignore_ascii_case(b"inf") || name.eq_ignore_ascii_case(b"nan")
}

/// The words that some reader takes for a boolean, for null or for a number.
const WORDS: [&str; 12] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf", "infinity"];

fn is_word(text: &str) -> bool {
    text.len() <= 8
        && text.starts_with(|first: char| "ynotfiYNOTFI".contains(first))
        && WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Whether a character outside ASCII shows on a screen and keeps its place in every reader.
pub(super) fn is_visible(c: char) -> bool {
    if c.is_control() || c.is_whitespace() {
        return false;
    }
    !matches!(u32::from(c),
        0xad | 0x600..=0x605 | 0x61c | 0x6dd | 0x70f | 0x180e | 0x200b..=0x200f | 0x2028..=0x202e | 0x2060..=0x206f
        | 0xe000..=0xf8ff | 0xfdd0..=0xfdef | 0xfeff | 0xfff9..=0xffff | 0xe_0000..=0xe_0fff | 0xf_0000..)
        && u32::from(c) & 0xfffe != 0xfffe
}
