//! `// idp:allow CODE because …`: which warnings are silenced, and which of these comments say nothing.

use idpc_syntax::ast::{Allow, TextRange, TextSize};

use crate::code::Code;
use crate::diagnostic::{Diagnostic, Safety, Severity};
use crate::source::FileView;
use crate::suggest::nearest;

/// Who has looked for findings: a comment for what the others find is not judged yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finder {
    /// The language and the graph of services.
    Language,
    /// The targets.
    Targets,
}

impl Finder {
    /// Whether this comment is for what this finder finds.
    fn judges(self, allow: &Allow) -> bool {
        let of_targets = known(&allow.code.text).is_some_and(Code::is_of_targets);
        of_targets == (self == Self::Targets)
    }
}

/// Takes away what the comments of a file silence; gives what is wrong with the comments themselves.
#[must_use]
pub fn silence(file: &FileView, text: &str, finder: Finder, kept: &mut Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut wrong = Vec::new();
    for allow in file.ast.allows.iter().filter(|allow| finder.judges(allow)) {
        if let Some(finding) = malformed(file, text, allow) {
            wrong.push(finding);
            continue;
        }
        let before = kept.len();
        kept.retain(|finding| {
            let here =
                finding.primary.file == file.id && allow.target.contains_inclusive(finding.primary.range.start());
            !(here && finding.severity == Severity::Warning && finding.code.id() == allow.code.text)
        });
        if kept.len() == before {
            wrong.push(unused(file, text, allow, kept));
        }
    }
    wrong
}

/// A comment that cannot silence anything as it is written.
fn malformed(file: &FileView, text: &str, allow: &Allow) -> Option<Diagnostic> {
    let at = file.span(allow.span);
    let bad = |message: &str| Diagnostic::new(Code::BadAllow, at, message.to_owned());
    let code = allow.code.text.as_str();
    if let Some((first, _)) = code.split_once(',') {
        return Some(
            bad("a comment silences one code")
                .primary_label("names several codes")
                .help(format!("write a comment for each, one above the other: `// idp:allow {first} because …`")),
        );
    }
    if code.is_empty() || allow.reason.trim().is_empty() {
        return Some(
            bad("a silenced warning needs a code and a reason")
                .primary_label(if code.is_empty() || code == "because" { "names no code" } else { "says no reason" })
                .help("write `// idp:allow IDP0000 because …`"),
        );
    }
    if known(code).is_none() {
        let near = nearest(code, Code::ALL.iter().map(|code| code.id()));
        let near = near.or_else(|| Code::ALL.iter().map(|code| code.id()).find(|id| id.eq_ignore_ascii_case(code)));
        let at = file.span(allow.code.span);
        return Some(
            Diagnostic::new(Code::BadAllow, at, format!("there is no code `{code}`"))
                .primary_label("nothing raises it")
                .help("`idpc explain` lists every code")
                .did_you_mean(at, near),
        );
    }
    let (start, _) = line_of(text, allow.span);
    let before = text.get(start.into()..allow.span.start().into()).unwrap_or_default();
    (!before.trim().is_empty()).then(|| {
        bad("a silenced warning stands below its comment")
            .primary_label("at the end of a line, it would speak of the next")
            .help("put the comment on a line of its own, above the one it is for")
    })
}

fn unused(file: &FileView, text: &str, allow: &Allow, kept: &[Diagnostic]) -> Diagnostic {
    let code = allow.code.text.as_str();
    let raised = |finding: &&Diagnostic| {
        finding.primary.file == file.id
            && allow.target.contains_inclusive(finding.primary.range.start())
            && finding.code.id() == code
    };
    let message = if kept.iter().any(|finding| raised(&finding)) {
        format!("`{code}` is an error, and errors cannot be silenced")
    } else {
        format!("nothing on the next line raises `{code}`")
    };
    let (start, end) = line_of(text, allow.span);
    Diagnostic::new(Code::UnusedAllow, file.span(allow.span), message)
        .primary_label("silences nothing")
        .help("remove the comment")
        .fix("remove the comment", Safety::Safe, file.span(TextRange::new(start, end)), "")
}

/// Any code that exists: one of the grammar too.
fn known(code: &str) -> Option<Code> {
    let of_grammar = idpc_syntax::SyntaxErrorKind::CODES.iter().find(|known| **known == code);
    let of_model = Code::ALL.iter().find(|known| known.id() == code).copied();
    of_model.or_else(|| of_grammar.map(|code| Code::Syntax(code)))
}

/// The line of a comment that stands alone, with its line break.
fn line_of(text: &str, comment: TextRange) -> (TextSize, TextSize) {
    let (start, end) = (usize::from(comment.start()), usize::from(comment.end()));
    let start = text.get(..start).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    let end = text.get(end..).and_then(|after| after.find('\n')).map_or(text.len(), |at| end + at + 1);
    let size = |at: usize| TextSize::new(u32::try_from(at).unwrap_or(u32::MAX));
    (size(start), size(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_its_break_and_the_last_may_have_none() {
        let text = "a\n  // x\nb";
        let at = |from: u32, to: u32| TextRange::new(TextSize::new(from), TextSize::new(to));
        assert_eq!(line_of(text, at(4, 8)), (TextSize::new(2), TextSize::new(9)));
        assert_eq!(line_of(text, at(9, 10)), (TextSize::new(9), TextSize::new(10)));
    }
}
