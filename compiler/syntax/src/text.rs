//! What is inside a string: escapes, insertions, and the indent of a text of several lines.
//!
//! One reader serves both the lexer, which wants the errors, and the typed view, which wants the parts.

use rowan::{TextRange, TextSize};

use crate::ast::{Name, Path, StrPart};
use crate::error::{SyntaxError, SyntaxErrorKind, SyntaxFix};
use crate::parser::keyword;

/// Whether a character is one of the typographic quotes that word processors put in.
pub(crate) fn is_curly_quote(c: char) -> bool {
    matches!(c, '“' | '”' | '„' | '«' | '»' | '‘' | '’')
}

/// The length of a `"""…"""` that begins here, if it has an end.
pub(crate) fn block_len(input: &str) -> Option<usize> {
    let body = input.strip_prefix("\"\"\"")?;
    let mut escaped = false;
    let mut quotes = 0;
    for (index, byte) in body.bytes().enumerate() {
        quotes = if byte == b'"' && !escaped { quotes + 1 } else { 0 };
        escaped = byte == b'\\' && !escaped;
        if quotes == 3 {
            return Some(index + 4);
        }
    }
    None
}

/// Whether the lexer found the end of this string.
pub(crate) fn is_terminated(lexeme: &str) -> bool {
    if lexeme.starts_with("\"\"\"") {
        return block_len(lexeme) == Some(lexeme.len());
    }
    // Backslashes right before the last quotes escape each other in pairs.
    let Some(body) = lexeme.strip_prefix('"') else {
        return true;
    };
    body.strip_suffix('"').is_some_and(|body| body.bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 0)
}

/// Reports what is wrong in a string that begins at `start`.
pub(crate) fn check(lexeme: &str, start: TextSize, errors: &mut Vec<SyntaxError>) {
    let whole = TextRange::at(start, TextSize::of(lexeme));
    if !lexeme.starts_with('"') {
        let inside = lexeme.trim_matches(|c| c == '\'' || is_curly_quote(c));
        let fix = (!inside.contains(['"', '\\']))
            .then(|| SyntaxFix::safe("write straight double quotes", whole, &format!("\"{inside}\"")));
        errors.push(SyntaxError { kind: SyntaxErrorKind::WrongQuotes, span: whole, fix });
        return;
    }
    if !is_terminated(lexeme) {
        // Of several lines only the opening quotes are shown: where the text should end is not known.
        let is_block = lexeme.starts_with("\"\"\"");
        let span = if is_block { TextRange::at(start, TextSize::new(3)) } else { whole };
        let fix = (!is_block).then(|| closing_quotes(lexeme, start));
        errors.push(SyntaxError { kind: SyntaxErrorKind::UnterminatedString, span, fix });
        return;
    }
    errors.extend(read(lexeme, start).errors);
}

/// Puts the missing quotes at the end, before what looks like the rest of the line.
fn closing_quotes(lexeme: &str, start: TextSize) -> SyntaxFix {
    let text = lexeme.trim_end_matches([' ', '\t', '}', ']', ')', ',']);
    let at = TextRange::empty(start + TextSize::of(text));
    SyntaxFix::guess("close the string", at, "\"")
}

/// The parts of a string that begins at `start`; what cannot be read is left out.
pub(crate) fn parts(lexeme: &str, start: TextSize) -> Vec<StrPart> {
    if !lexeme.starts_with('"') {
        let inside = lexeme.trim_matches(|c| c == '\'' || is_curly_quote(c));
        return vec![StrPart::Text(inside.to_owned())];
    }
    read(lexeme, start).parts
}

/// The text of a quoted path segment, or nothing if it is empty or has an insertion.
pub(crate) fn segment(lexeme: &str, start: TextSize) -> Option<String> {
    match parts(lexeme, start).as_slice() {
        [StrPart::Text(text)] if !text.is_empty() => Some(text.clone()),
        _ => None,
    }
}

fn read(lexeme: &str, start: TextSize) -> Reader {
    let mut reader = Reader { parts: Vec::new(), text: String::new(), errors: Vec::new() };
    if let Some(body) = lexeme.strip_prefix("\"\"\"") {
        let body = body.strip_suffix("\"\"\"").unwrap_or(body);
        reader.block(body, start + TextSize::new(3));
    } else if let Some(body) = lexeme.strip_prefix('"') {
        let body = if is_terminated(lexeme) { body.strip_suffix('"').unwrap_or(body) } else { body };
        reader.line(body, start + TextSize::new(1));
    }
    reader.flush();
    reader
}

struct Reader {
    parts: Vec<StrPart>,
    text: String,
    errors: Vec<SyntaxError>,
}

impl Reader {
    fn flush(&mut self) {
        if !self.text.is_empty() {
            self.parts.push(StrPart::Text(std::mem::take(&mut self.text)));
        }
    }

    fn error(&mut self, kind: SyntaxErrorKind, span: TextRange, fix: Option<SyntaxFix>) {
        self.errors.push(SyntaxError { kind, span, fix });
    }

    /// What is between the quotes of a text of several lines. The first line break and the last do not belong to it.
    fn block(&mut self, body: &str, start: TextSize) {
        let mut lines = body.split('\n').peekable();
        let first = lines.next().unwrap_or_default();
        let last = body.rsplit('\n').next().unwrap_or_default();
        let indent = last.get(..last.len() - last.trim_start_matches([' ', '\t']).len()).unwrap_or_default();
        let begins_right = first.trim_end().is_empty() && lines.peek().is_some();
        if !begins_right || indent.len() != last.len() {
            let span = TextRange::at(start, TextSize::of(body));
            self.error(SyntaxErrorKind::BadTextBlock, span, None);
        }
        if !begins_right && lines.peek().is_none() {
            return self.line(body, start);
        }
        let mut offset = start + TextSize::of(first) + TextSize::new(1);
        let mut is_first = true;
        while let Some(line) = lines.next() {
            let closing = lines.peek().is_none();
            if closing && indent.len() == last.len() {
                break;
            }
            if !is_first {
                self.text.push('\n');
            }
            is_first = false;
            self.block_line(line.strip_suffix('\r').unwrap_or(line), indent, offset);
            offset += TextSize::of(line) + TextSize::new(1);
        }
    }

    fn block_line(&mut self, line: &str, indent: &str, offset: TextSize) {
        if let Some(text) = line.strip_prefix(indent) {
            return self.line(text, offset + TextSize::of(indent));
        }
        let text = line.trim_start_matches([' ', '\t']);
        let space = TextSize::of(line) - TextSize::of(text);
        if !text.is_empty() {
            let span = TextRange::at(offset, TextSize::of(line));
            let fix = SyntaxFix::guess("indent the line", TextRange::at(offset, space), indent);
            self.error(SyntaxErrorKind::ShallowLine, span, Some(fix));
        }
        self.line(text, offset + space);
    }

    /// Text without a line break.
    fn line(&mut self, text: &str, start: TextSize) {
        let mut rest = text;
        while let Some(next) = rest.chars().next() {
            let at = start + TextSize::of(text) - TextSize::of(rest);
            let len = match next {
                '\\' => self.escape(rest, at),
                '$' if rest.starts_with("${") => self.insertion(rest, at),
                _ => {
                    if next.is_control() && next != '\t' {
                        let span = TextRange::at(at, TextSize::of(next));
                        let fix = SyntaxFix::safe("write the escape", span, &format!("\\u{{{:x}}}", u32::from(next)));
                        self.error(SyntaxErrorKind::ControlCharacter(next), span, Some(fix));
                    }
                    self.text.push(next);
                    next.len_utf8()
                }
            };
            rest = rest.get(len..).unwrap_or_default();
        }
    }

    /// Reads one escape and says how long it is.
    fn escape(&mut self, rest: &str, at: TextSize) -> usize {
        let escaped = rest.chars().nth(1);
        let plain = match escaped {
            Some(c @ ('"' | '\\' | '$')) => Some(c),
            Some('n') => Some('\n'),
            Some('t') => Some('\t'),
            _ => None,
        };
        if let Some(c) = plain {
            self.text.push(c);
            return 2;
        }
        if let Some((c, len)) = unicode_escape(rest) {
            self.text.push(c);
            return len;
        }
        let found = match (escaped, rest.bytes().take(12).position(|byte| byte == b'}')) {
            (Some('u'), Some(end)) if rest.starts_with("\\u{") => rest.get(..=end).unwrap_or(rest),
            (Some(c), _) => rest.get(..1 + c.len_utf8()).unwrap_or(rest),
            (None, _) => rest,
        };
        let span = TextRange::at(at, TextSize::of(found));
        let backslash = TextRange::at(at, TextSize::new(1));
        let fix = SyntaxFix::guess("write the backslash itself", backslash, "\\\\");
        self.error(SyntaxErrorKind::BadEscape, span, Some(fix));
        self.text.push_str(found);
        found.len()
    }

    /// Reads `${path}` and says how long it is.
    fn insertion(&mut self, rest: &str, at: TextSize) -> usize {
        let Some(len) = insertion_len(rest) else {
            let span = TextRange::at(at, TextSize::new(2));
            self.error(
                SyntaxErrorKind::BadInsert,
                span,
                Some(SyntaxFix::guess("escape it", TextRange::empty(at), "\\")),
            );
            self.text.push_str("${");
            return 2;
        };
        let inside = rest.get(2..len.saturating_sub(1)).unwrap_or_default();
        let trimmed = inside.trim();
        let padding = TextSize::of(inside) - TextSize::of(inside.trim_start());
        let whole = TextRange::at(at, TextSize::of(rest.get(..len).unwrap_or(rest)));
        match path(trimmed, at + TextSize::new(2) + padding) {
            Some(path) => {
                if trimmed.len() != inside.len() {
                    let fix = SyntaxFix::safe("remove the spaces", whole, &format!("${{{trimmed}}}"));
                    self.error(SyntaxErrorKind::BadInsert, whole, Some(fix));
                }
                self.flush();
                self.parts.push(StrPart::Insert(path));
            }
            None => self.error(SyntaxErrorKind::BadInsert, whole, None),
        }
        len
    }
}

/// `\u{1F600}` and its length.
fn unicode_escape(rest: &str) -> Option<(char, usize)> {
    let body = rest.strip_prefix("\\u{")?;
    let digits = body.get(..body.bytes().take(7).position(|byte| byte == b'}')?)?;
    let valid = (1..=6).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let code = valid.then(|| u32::from_str_radix(digits, 16).ok()).flatten()?;
    Some((char::from_u32(code)?, digits.len() + 4))
}

/// From `${` to `}`, quoted segments skipped. Bounded, so that a text full of beginnings is still read in linear time.
fn insertion_len(rest: &str) -> Option<usize> {
    const LONGEST: usize = 1024;
    let mut quoted = false;
    for (index, byte) in rest.bytes().enumerate().take(LONGEST) {
        match byte {
            b'"' => quoted = !quoted,
            b'}' if !quoted => return Some(index + 1),
            b'\\' => return None,
            b'$' if index > 0 => return None,
            _ => {}
        }
    }
    None
}

/// `a.b."c"`, and nothing else.
fn path(text: &str, start: TextSize) -> Option<Path> {
    let mut segments = Vec::new();
    let mut rest = text;
    loop {
        let at = start + TextSize::of(text) - TextSize::of(rest);
        let (name, len) = match rest.strip_prefix('"') {
            Some(quoted) => {
                let name =
                    quoted.get(..quoted.find('"')?).filter(|name| !name.is_empty() && !name.contains(['\\', '$']))?;
                (name, name.len() + 2)
            }
            None => {
                let len = rest.find('.').unwrap_or(rest.len());
                (rest.get(..len).filter(|name| is_name(name, segments.is_empty()))?, len)
            }
        };
        let (written, after) = rest.split_at_checked(len)?;
        segments.push(Name { text: name.to_owned(), span: TextRange::at(at, TextSize::of(written)) });
        match after.strip_prefix('.') {
            Some(next) => rest = next,
            None if after.is_empty() => break,
            None => return None,
        }
    }
    Some(Path { segments, span: TextRange::at(start, TextSize::of(text)) })
}

fn is_name(text: &str, first: bool) -> bool {
    text.starts_with(|c: char| c == '_' || c.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
        && (!keyword::is_reserved(text) || (first && text == "self"))
}
