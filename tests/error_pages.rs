//! Each diagnostic has a page; its failing program raises its code once and nothing else, the fixed one raises nothing.
//!
//! Where the cause lies in the output of the build before, a page also has the program of that build, marked `before`:
//! the other two are built onto its output.

use std::collections::BTreeSet;

use idpc_model::code::Code;
use idpc_syntax::SyntaxErrorKind;

use idpc_testing::block::{Block, blocks};
use idpc_testing::output::Output;
use idpc_testing::program::{Depth, Ground, Outcome, Program};

use crate::{pages, repository, sound};

/// Codes that no program raises by itself, with what does raise them. Each is tested where it arises.
const ELSEWHERE: &[(&str, &str)] = &[
    ("IDP0722", "a file that the system refuses to read"),
    ("IDP0714", "a link in the workspace"),
    ("IDP0721", "a link out of the workspace"),
    ("IDP0724", "bytes that are no text, which no page can hold"),
    ("IDP0723", "a file above one mebibyte"),
    ("IDP0019", "a file above one mebibyte"),
    ("IDP0751", "an empty workspace that is built"),
    ("IDP0801", "the output folder"),
    ("IDP0802", "the output folder"),
    ("IDP0803", "the output folder"),
    ("IDP0804", "the output folder"),
    ("IDP0805", "another build at the same time"),
    ("IDP0806", "the output folder"),
    ("IDP0807", "two targets"),
    ("IDP0808", "the disk"),
];

/// Codes that the targets find, and not the language.
const OF_TARGETS: std::ops::RangeInclusive<&str> = "IDP0752"..="IDP0757";

/// The text of each page by its code.
fn written() -> Vec<(String, String)> {
    pages("docs/errors")
        .into_iter()
        .filter_map(|(path, text, _)| {
            let code = path.strip_prefix("docs/errors/")?.strip_suffix(".md")?.to_owned();
            (code != "README").then_some((code, text))
        })
        .collect()
}

/// The codes that stand as text in the sources of a crate.
fn in_sources(folder: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut folders = vec![repository().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let codes = text.split("\"IDP").skip(1).filter_map(|rest| rest.split_once('"')).map(|(digits, _)| digits);
            found.extend(codes.filter(|digits| digits.len() == 4).map(|digits| format!("IDP{digits}")));
        }
    }
    found
}

#[test]
fn every_code_has_a_page_and_every_page_a_code() {
    let mut codes: BTreeSet<String> = Code::ALL.iter().map(|code| code.id().to_owned()).collect();
    codes.extend(SyntaxErrorKind::CODES.iter().map(|code| (*code).to_owned()));
    codes.extend(in_sources("compiler/driver/src"));
    let written: BTreeSet<String> = written().into_iter().map(|(code, _)| code).collect();
    let missing: Vec<&String> = codes.difference(&written).collect();
    let idle: Vec<&String> = written.difference(&codes).collect();
    assert!(missing.is_empty(), "codes without a page: {missing:?}");
    assert!(idle.is_empty(), "pages without a code: {idle:?}");
}

#[test]
fn pages_begin_with_their_code_and_rule() {
    for (code, text) in written() {
        let title = text.lines().next().unwrap_or_default();
        let rule = title.strip_prefix(&format!("# {code}: "));
        let rule = rule.unwrap_or_else(|| panic!("the page of {code} begins with `{title}`"));
        assert!(!rule.is_empty() && !rule.ends_with('.'), "{code}: `{rule}`");
        let known = Code::ALL.iter().find(|known| known.id() == code);
        if let Some(known) = known {
            assert_eq!(rule, known.summary(), "the page of {code} and its summary differ");
        }
    }
}

/// The programs of a page; those that it has not are empty.
pub struct Programs {
    /// Built first, where the cause lies in the output of the build before.
    pub before: Program,
    /// Raises the code of the page.
    pub failing: Program,
    /// Raises nothing.
    pub fixed: Program,
}

impl Programs {
    /// Sorts the files of a page by what their fences say.
    pub fn of(blocks: &[Block]) -> Self {
        let files = || blocks.iter().filter(|block| block.is_file());
        let marked = |word: &str| Program::of(files().filter(|block| block.says(word))).unwrap();
        let fixed = files().filter(|block| !block.says("before") && !block.says("fails"));
        Self { before: marked("before"), failing: marked("fails"), fixed: Program::of(fixed).unwrap() }
    }
}

/// The failing program of each page, and how far it has to be taken.
pub fn failing() -> Vec<(String, Program, Depth)> {
    let mut programs = Vec::new();
    for (code, text) in written() {
        let failing = Programs::of(&blocks(&text).unwrap()).failing;
        if !failing.is_empty() {
            let depth = depth(&code);
            programs.push((code, failing, depth));
        }
    }
    programs
}

fn depth(code: &str) -> Depth {
    if OF_TARGETS.contains(&code) { Depth::Targets } else { Depth::Model }
}

#[test]
fn failing_programs_raise_their_code_alone_and_fixed_ones_nothing() {
    let mut failures = String::new();
    let mut changes = 0;
    for (code, text) in written() {
        let Programs { before, failing, fixed } = Programs::of(&blocks(&text).unwrap());
        let elsewhere = ELSEWHERE.iter().any(|(known, _)| *known == code);
        if elsewhere && before.is_empty() && failing.is_empty() && fixed.is_empty() {
            continue;
        }
        if elsewhere || failing.is_empty() || fixed.is_empty() {
            failures += &format!("{code}: a page has a failing and a fixed program, or is listed with a reason\n");
            continue;
        }
        let output = Output::empty().unwrap();
        let raised = |program: &Program| {
            let outcome = if before.is_empty() {
                program.compile(&Ground::Library, depth(&code))
            } else {
                output.build(program, &Ground::Library)
            };
            raised(outcome.unwrap())
        };
        if !before.is_empty() {
            changes += 1;
            let found = raised(&before);
            if !found.is_empty() {
                failures += &format!("{code}: the program before raises\n{}", listed(&found));
            }
        }
        let found = raised(&failing);
        if found.len() != 1 || found[0].0 != code {
            failures += &format!("{code}: the failing program raises\n{}", listed(&found));
        }
        let found = raised(&fixed);
        if !found.is_empty() {
            failures += &format!("{code}: the fixed program raises\n{}", listed(&found));
        }
    }
    assert!(failures.is_empty(), "{failures}");
    assert!(changes >= 4, "only {changes} pages show a change");
}

/// Each code with its finding in one line: what is found in a program, and what is refused of its build.
fn raised(outcome: Outcome) -> Vec<(String, String)> {
    let Outcome { findings, refusals, .. } = sound(outcome);
    let refused = refusals.into_iter().map(|notice| (notice.code.to_owned(), notice.to_string()));
    findings.into_iter().map(|finding| (finding.code, finding.short)).chain(refused).collect()
}

fn listed(raised: &[(String, String)]) -> String {
    if raised.is_empty() {
        return String::from("  nothing\n");
    }
    raised.iter().map(|(_, line)| format!("  {line}\n")).collect()
}

#[test]
fn the_list_of_codes_that_arise_elsewhere_only_shrinks() {
    assert!(ELSEWHERE.len() <= 15, "a new code needs programs on its page");
    assert!(ELSEWHERE.iter().all(|(_, reason)| !reason.is_empty()));
}
