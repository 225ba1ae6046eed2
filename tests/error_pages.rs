//! Each diagnostic has a page; its failing program raises its code once and nothing else, the fixed one raises nothing.

use std::collections::BTreeSet;

use idpc_model::code::Code;
use idpc_syntax::SyntaxErrorKind;

use idpc_testing::block::{Block, blocks};
use idpc_testing::finding::Finding;
use idpc_testing::program::{Depth, Program};

use crate::{found, pages, repository};

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
    ("IDP0901", "the output of the build before"),
    ("IDP0902", "the output of the build before"),
    ("IDP0903", "the output of the build before"),
    ("IDP0904", "the output of the build before"),
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

/// The failing program of each page, and how far it has to be taken.
pub fn failing() -> Vec<(String, Program, Depth)> {
    let mut programs = Vec::new();
    for (code, text) in written() {
        let all = blocks(&text).unwrap();
        let program = Program::of(all.iter().filter(|block| block.is_file() && block.says("fails"))).unwrap();
        if !program.is_empty() {
            let depth = depth(&code);
            programs.push((code, program, depth));
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
    for (code, text) in written() {
        let all = blocks(&text).unwrap();
        let programs = all.iter().filter(|block| block.is_file());
        let (failing, fixed): (Vec<&Block>, Vec<&Block>) = programs.partition(|block| block.says("fails"));
        let elsewhere = ELSEWHERE.iter().any(|(known, _)| *known == code);
        if failing.is_empty() && fixed.is_empty() && elsewhere {
            continue;
        }
        let depth = depth(&code);
        if elsewhere || failing.is_empty() || fixed.is_empty() {
            failures += &format!("{code}: a page has a failing and a fixed program, or is listed with a reason\n");
            continue;
        }
        let raised = found(failing, depth);
        if raised.len() != 1 || raised[0].code != code {
            failures += &format!("{code}: the failing program raises\n{}", listed(&raised));
        }
        let raised = found(fixed, depth);
        if !raised.is_empty() {
            failures += &format!("{code}: the fixed program raises\n{}", listed(&raised));
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

fn listed(findings: &[Finding]) -> String {
    if findings.is_empty() {
        return String::from("  nothing\n");
    }
    findings.iter().map(|finding| format!("  {}\n", finding.short)).collect()
}

#[test]
fn the_list_of_codes_that_arise_elsewhere_only_shrinks() {
    assert!(ELSEWHERE.len() <= 18, "a new code needs programs on its page");
    assert!(ELSEWHERE.iter().all(|(_, reason)| !reason.is_empty()));
}
