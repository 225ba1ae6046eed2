//! `idpc explain`: the page of a code.

use std::fs;

use crate::place::Place;

/// The codes that have a page.
fn codes() -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/errors");
    let mut codes: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
        .filter(|name| name.starts_with("IDP"))
        .collect();
    codes.sort();
    codes
}

#[test]
fn every_page_is_part_of_the_program() {
    let place = Place::empty();
    for code in codes() {
        let page = fs::read_to_string(format!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/errors/{}.md"), code));
        let run = place.idpc(&format!("explain {}", code.to_lowercase()));
        assert_eq!((run.code, run.out, run.err), (0, page.unwrap(), String::new()));
    }
    let listed = place.idpc("explain");
    listed.ends(0);
    let listed: Vec<&str> =
        listed.out.lines().filter_map(|line| line.strip_prefix("  ")?.split_once("  ")).map(|(code, _)| code).collect();
    assert_eq!(listed, codes());
}

#[test]
fn codes_are_listed_below_what_they_are_about() {
    let run = Place::empty().idpc("explain");
    let headings: Vec<&str> = run.out.lines().filter(|line| !line.is_empty() && !line.starts_with(' ')).collect();
    let expected = [
        "Grammar",
        "Names",
        "Schemas",
        "Values",
        "What services promise each other",
        "Comments that silence",
        "Identity",
        "Workspaces and platforms",
        "Writing the output",
        "What a build may not take away",
    ];
    assert_eq!(headings, expected);
    run.prints("\n\nValues\n  IDP0301  a field that its record does not have\n");
}

#[test]
fn an_unknown_code_ends_with_2() {
    let run = Place::empty().idpc("explain IDP9999");
    run.ends(2).prints_nothing().says("there is no code `IDP9999`").says("`idpc explain` lists all codes");
    Place::empty().idpc("explain nonsense").ends(2).prints_nothing();
}

#[test]
fn a_near_code_is_suggested() {
    let Some(code) = codes().into_iter().next() else { panic!("there are no pages") };
    let misspelt = code.replace("IDP", "IPD");
    Place::empty().idpc(&format!("explain {misspelt}")).ends(2).says(&format!("did you mean `{code}`?"));
}
