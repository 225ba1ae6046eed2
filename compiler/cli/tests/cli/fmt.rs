//! `idpc fmt`: files, folders and standard input.

use crate::place::Place;

const MESSY: &str = "service a:web{\nowner=shop // who\n      port   =   8080\n}\n\n\n\n";

fn place() -> (Place, String) {
    let place = Place::empty();
    place.write("services/a.idp", MESSY).write("services/deep/b.idp", MESSY).write("notes.txt", MESSY);
    let clean = place.idpc_reads("fmt -", MESSY).out;
    assert_ne!(clean, MESSY);
    place.write("services/clean.idp", &clean);
    (place, clean)
}

#[test]
fn standard_input_goes_to_standard_output() {
    let (place, clean) = place();
    let run = place.idpc_reads("fmt -", MESSY);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    for piece in ["owner", "// who", "8080"] {
        assert!(clean.contains(piece), "{clean}");
    }
    let again = place.idpc_reads("fmt -", &clean);
    assert_eq!((again.code, again.out), (0, clean.clone()));
    place.idpc_reads("fmt - --check", MESSY).ends(1).prints_nothing();
    place.idpc_reads("fmt - --check", &clean).ends(0).prints_nothing();
    place.idpc_reads("fmt - --diff", MESSY).ends(1).prints("--- <stdin>");
}

#[test]
fn every_source_below_a_folder_is_formatted() {
    let (place, clean) = place();
    place.idpc("fmt").ends(0).prints_nothing().says("2 files formatted, 1 unchanged");
    assert_eq!(place.read("services/a.idp"), clean);
    assert_eq!(place.read("services/deep/b.idp"), clean);
    assert_eq!(place.read("notes.txt"), MESSY);
    let before = place.files();
    place.idpc("fmt services").ends(0).says("0 files formatted, 3 unchanged");
    assert_eq!(place.files(), before, "nothing else is left behind");
}

#[test]
fn named_files_are_formatted_alone() {
    let (place, clean) = place();
    place.idpc("fmt services/a.idp services/a.idp").ends(0).says("1 file formatted, 0 unchanged");
    assert_eq!((place.read("services/a.idp"), place.read("services/deep/b.idp")), (clean, MESSY.to_owned()));
}

#[test]
fn check_lists_and_diff_shows() {
    let (place, _) = place();
    let before = place.files();
    let run = place.idpc("fmt --check");
    run.ends(1).says("2 files not formatted, 1 unchanged");
    assert_eq!(run.out, "services/a.idp\nservices/deep/b.idp\n");
    let run = place.idpc("fmt --diff services/a.idp");
    run.ends(1).prints("--- services/a.idp").prints("+++ services/a.idp (formatted)").prints("-owner=shop // who");
    assert_eq!(place.files(), before);
    place.idpc("fmt").ends(0);
    place.idpc("fmt --check").is_clean();
    place.idpc("fmt --diff").is_clean();
}

#[test]
fn what_cannot_be_read_is_left_as_it_is() {
    let place = Place::empty();
    place.write("bad.idp", "service {{{ = \n\u{1f} ???\n");
    let run = place.idpc("fmt bad.idp");
    run.ends(0);
    for piece in ["service", "{{{", "???"] {
        assert!(place.read("bad.idp").contains(piece));
    }
    std::fs::write(place.path("raw.idp"), [0xff, 0xfe]).unwrap();
    place.idpc("fmt raw.idp").ends(3).says("raw.idp");
}

#[cfg(unix)]
#[test]
fn rights_and_links_stay() {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt as _;

    let (place, clean) = place();
    fs::set_permissions(place.path("services/a.idp"), Permissions::from_mode(0o640)).unwrap();
    std::os::unix::fs::symlink("services/a.idp", place.path("link.idp")).unwrap();
    place.idpc("fmt link.idp").ends(0).says("1 file formatted");
    assert_eq!(place.read("services/a.idp"), clean);
    assert_eq!(fs::metadata(place.path("services/a.idp")).unwrap().permissions().mode() & 0o777, 0o640);
    assert!(fs::symlink_metadata(place.path("link.idp")).unwrap().is_symlink());
}

#[test]
fn the_examples_and_what_init_writes_are_formatted() {
    let examples = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples");
    let place = Place::empty();
    place.idpc(&format!("fmt --check {examples}")).is_clean();
    place.idpc("init").ends(0);
    place.idpc("fmt --check").is_clean();
    place.idpc("new service other").ends(0);
    place.idpc("fmt --check").is_clean();
}

#[test]
fn files_and_folders_stand_beside_each_other_and_count_once() {
    let (place, clean) = place();
    place.write("elsewhere/c.idp", MESSY).write("named.txt", MESSY);
    place.idpc("fmt services/deep services/a.idp services named.txt").ends(0).says("3 files formatted, 1 unchanged");
    assert_eq!((place.read("named.txt"), place.read("elsewhere/c.idp")), (clean, MESSY.to_owned()));
    // One that is not there refuses before anything is written.
    place.idpc("fmt elsewhere nowhere").ends(3).says("nowhere");
    assert_eq!(place.read("elsewhere/c.idp"), MESSY);
}

#[test]
fn a_broken_region_stays_byte_for_byte_and_the_rest_is_formatted() {
    let place = Place::empty();
    let broken = "service {{{ =   1\n  ???   !!\n";
    place.write("a.idp", &format!("team   shop   {{}}\n{broken}"));
    place.idpc("fmt a.idp").ends(0);
    let text = place.read("a.idp");
    assert!(text.starts_with("team shop {}\n") && text.contains("???   !!"), "{text}");
    place.idpc("fmt --check a.idp").is_clean();
    let run = place.idpc_reads("fmt -", &text);
    assert_eq!((run.code, run.out), (0, text));
}

#[test]
fn the_difference_is_one_that_patch_applies() {
    let (place, clean) = place();
    let run = place.idpc("fmt --diff services/a.idp");
    place.write("changes.diff", &run.out);
    let patch = std::process::Command::new("patch")
        .current_dir(place.root())
        .args(["--silent", "services/a.idp", "changes.diff"])
        .status();
    // Not every machine has it.
    if let Ok(status) = patch {
        assert!(status.success());
        assert_eq!(place.read("services/a.idp"), clean);
    }
    assert!(run.out.lines().any(|line| line.starts_with("@@ -1,")), "{}", run.out);
}
