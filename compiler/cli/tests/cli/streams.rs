//! What is said where: colors, silence, readers that go away, and shells.

use std::process::{Command, Stdio};

use crate::place::Place;

/// A workspace with a warning and one with an error.
fn broken() -> Place {
    let place = Place::workspace();
    let text = place.read("services/mail/service.idp").replace("only_in ", "only_inn");
    place.write("services/mail/service.idp", &text);
    place
}

#[test]
fn quiet_leaves_out_summaries_and_never_findings_or_failures() {
    let place = broken();
    let loud = place.idpc("check");
    let quiet = place.idpc("check --quiet");
    quiet.ends(1);
    assert_eq!((quiet.out.as_str(), quiet.err.as_str()), (loud.out.as_str(), ""));
    assert_ne!(loud.err, "");
    for arguments in ["-q fmt", "-q init elsewhere", "-q build elsewhere"] {
        let run = place.idpc(arguments);
        run.is_clean();
        assert_eq!(run.err, "", "{arguments}");
    }
    place.idpc("-q check nowhere").ends(3).says("nowhere");
    place.idpc("-q show nobody").ends(2).says("nobody");
}

#[test]
fn every_shell_gets_a_script_that_knows_the_commands() {
    let place = Place::empty();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let run = place.idpc(&format!("completions {shell}"));
        run.ends(0).prints("idpc").prints("explain").prints("unsafe");
        assert_eq!(run.err, "");
    }
    place.idpc("completions csh").ends(2).prints_nothing();
    place.idpc("completions").ends(2).prints_nothing();
}

#[cfg(unix)]
#[test]
fn bash_accepts_its_script() {
    let place = Place::empty();
    place.write("idpc.bash", &place.idpc("completions bash").out);
    let run = Command::new("bash")
        .current_dir(place.root())
        .args(["-c", "source ./idpc.bash && complete -p idpc"])
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    assert!(String::from_utf8_lossy(&run.stdout).contains("_idpc"));
}

#[cfg(unix)]
#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let place = broken();
    for arguments in
        ["explain", "--help", "completions bash", "check", "fmt --diff", "show checkout", "graph", "explain IDP0301"]
    {
        let mut command = Command::new(env!("CARGO_BIN_EXE_idpc"));
        command.current_dir(place.root()).args(arguments.split_whitespace());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.code().is_some_and(|code| code < 2), "{arguments}: {:?} {said}", output.status);
        assert!(!said.contains("bug") && !said.contains("panicked") && !said.contains("pipe"), "{arguments}: {said}");
    }
    // Nobody hears what is said about the run: that is no failure either.
    let mut command = Command::new(env!("CARGO_BIN_EXE_idpc"));
    command.current_dir(place.root()).arg("check");
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stderr.take());
    assert_eq!(child.wait_with_output().unwrap().status.code(), Some(1));
}

#[test]
fn colors_are_asked_for_or_for_terminals() {
    let place = Place::empty();
    let escape = '\u{1b}';
    for arguments in ["explain", "explain IDP0301"] {
        assert!(!place.idpc(arguments).out.contains(escape));
        assert!(place.idpc(&format!("{arguments} --color always")).out.contains(escape));
        assert!(!place.idpc(&format!("{arguments} --color never")).out.contains(escape));
    }
}

#[test]
fn the_command_line_writes_no_file_by_itself() {
    // The driver is the only place with output: what writes safely is written once.
    let mut open = vec![std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))];
    let mut count = 0;
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            count += 1;
            let text = std::fs::read_to_string(&path).unwrap();
            for call in
                ["fs::write", "File::create", "OpenOptions", "create_dir", "fs::rename", "fs::remove", "fs::copy"]
            {
                assert!(!text.contains(call), "{} writes by itself: {call}", path.display());
            }
        }
    }
    assert!(count > 30, "only {count} files were read");
}
