//! What tells one finding from another stays when lines move.

use super::super::report::fingerprints;
use super::*;

/// The marks of two errors that say the same and one that does not, in a text that begins with something.
fn marks(before: &str) -> Vec<String> {
    let text = format!("{before}a a b\n");
    let place = |at: usize| {
        let at = TextSize::new(u32::try_from(before.len() + at).unwrap());
        Span::new(FileId(0), TextRange::empty(at))
    };
    let error = |at, message: &str| Finding::Placed(Diagnostic::new(Code::WrongType, place(at), message));
    let findings = [error(0, "same"), error(2, "same"), error(4, "other")];
    let sources = Sources::of(&findings, "", |_| Some(("a.idp", text.as_str())));
    fingerprints(&findings, &sources)
}

#[test]
fn lines_may_move() {
    assert_eq!(marks(""), marks("\n\n// more\n"));
}

#[test]
fn each_finding_has_its_own() {
    let marks = marks("");
    let distinct: std::collections::BTreeSet<&String> = marks.iter().collect();
    assert_eq!(distinct.len(), 3);
    assert!(marks.iter().all(|mark| mark.len() == 32 && mark.bytes().all(|byte| byte.is_ascii_hexdigit())));
}

#[test]
fn the_folder_that_it_runs_in_changes_nothing() {
    let of = |prefix: &str| {
        let manifest = Remark { place: Some((format!("{prefix}idp.toml"), Some((2, 1)))), ..Remark::error("wrong") };
        let findings: Vec<Finding> = findings().into_iter().chain([Finding::Bare(manifest)]).collect();
        fingerprints(&findings, &Sources::of(&findings, prefix, lookup))
    };
    assert_eq!(of(""), of("infra/"));
}
