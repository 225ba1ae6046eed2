//! Every fix of the failing program of every page removes its finding and brings no error that was not there before.

use std::collections::BTreeSet;

use idpc_ide::fix::{applied, texts};
use idpc_model::diagnostic::Fix;
use idpc_testing::program::{Depth, Ground, Outcome, Program};

use crate::error_pages::failing;

#[test]
fn every_fix_of_every_page_helps() {
    let (mut count, mut failures) = (0, String::new());
    for (code, program, depth) in failing() {
        let before = program.compile(&Ground::Library, depth).unwrap();
        for (at, finding) in before.diagnostics.iter().enumerate() {
            for fix in &finding.fixes {
                count += 1;
                let after = mended(&program, &before, fix, depth);
                let left: Vec<&str> = after.findings.iter().map(|finding| finding.short.as_str()).collect();
                let gone = !after
                    .diagnostics
                    .iter()
                    .any(|other| (other.code, &other.message) == (finding.code, &finding.message));
                let new = errors(&after).difference(&errors(&before)).cloned().collect::<Vec<_>>();
                if !gone || !new.is_empty() {
                    failures += &format!("{code}: finding {at}, `{}` leaves {left:#?}\n", fix.title);
                }
            }
        }
    }
    assert!(count >= 30, "only {count} fixes are offered");
    assert!(failures.is_empty(), "{failures}");
}

/// The program with one fix.
fn mended(program: &Program, before: &Outcome, fix: &Fix, depth: Depth) -> Outcome {
    let host = &before.host;
    let files = program.files().iter().filter_map(|file| Some((host.file_id(&file.path)?, file.text.as_str())));
    let changed = applied(&texts(files), [fix]).unwrap();
    let text = |path: &str, old: &str| {
        host.file_id(path).and_then(|id| changed.get(&id)).map_or_else(|| old.to_owned(), ToString::to_string)
    };
    let files: Vec<(String, String)> =
        program.files().iter().map(|file| (file.path.clone(), text(&file.path, &file.text))).collect();
    Program::of_files(files).unwrap().compile(&Ground::Library, depth).unwrap()
}

/// The errors of a program, without their places, which a fix moves.
fn errors(outcome: &Outcome) -> BTreeSet<(String, String)> {
    let errors = outcome.findings.iter().filter(|finding| finding.is_error());
    errors.map(|finding| (finding.code.clone(), finding.message.clone())).collect()
}
