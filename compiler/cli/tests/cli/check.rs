//! `idpc check`: what is wrong, in every form.

use crate::place::Place;

/// A workspace with an error in one service and a warning in another.
fn broken() -> Place {
    let place = Place::workspace();
    place.write(
        "services/mail/service.idp",
        "/// Sends mäil.\nservice mail : worker {\n  owner    = shop\n  language = go\n  labels { tone = \"é\" }, memry = 1GiB\n}\n",
    );
    place.write(
        "services/inventory/service.idp",
        "/// Knows what there is.\nservice inventory : web {\n  owner    = shop\n  language = go\n  port     = 9090\n\n  // \
         idp:allow IDP0316 because it was once needed\n  memory   = 1GiB\n}\n",
    );
    place
}

#[test]
fn a_clean_workspace_says_nothing() {
    let run = Place::workspace().idpc("check");
    run.is_clean();
    assert_eq!(run.err, "");
}

#[test]
fn a_warning_alone_is_clean() {
    let place = Place::workspace();
    place.write(
        "services/mail/service.idp",
        "service mail : worker {\n  owner = shop\n  // idp:allow IDP0316 because of old times\n  language = go\n}\n",
    );
    place.idpc("check").ends(0).prints("warning[IDP0501]").says("1 warning");
}

#[test]
fn human() {
    let run = broken().idpc("check");
    run.ends(1).says("1 error, 1 warning");
    insta::assert_snapshot!(run.out);
}

#[test]
fn short() {
    let run = broken().idpc("check --format short");
    run.ends(1).says("1 error, 1 warning");
    insta::assert_snapshot!(run.out);
}

#[test]
fn json() {
    let run = broken().idpc("check --format json");
    run.ends(1).says("1 error, 1 warning");
    insta::assert_snapshot!(run.out);
    for line in run.out.lines() {
        let object: serde_json::Value = serde_json::from_str(line).unwrap();
        let keys: Vec<&String> = object.as_object().unwrap().keys().collect();
        let contract = ["code", "severity", "message", "file", "start", "end", "labels", "help", "fixes"];
        assert_eq!(keys.iter().take(contract.len()).collect::<Vec<_>>(), contract.iter().collect::<Vec<_>>());
    }
}

#[test]
fn json_points_to_the_very_bytes() {
    let place = broken();
    let run = place.idpc("check --format json");
    let object = run.out.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let object = object.into_iter().find(|object| object["code"] == "IDP0301").unwrap();
    let text = place.read(object["file"].as_str().unwrap());
    let at = |end: &str| usize::try_from(object[end]["offset"].as_u64().unwrap()).unwrap();
    assert_eq!(&text[at("start")..at("end")], "memry");
    assert_eq!((object["start"]["line"].as_u64(), object["start"]["column"].as_u64()), (Some(5), Some(26)));
    let edit = &object["fixes"][0]["edits"][0];
    assert_eq!(edit["text"], "memory");
    assert_eq!(edit["start"], object["start"]);
}

#[test]
fn github() {
    let run = broken().idpc("check --format github");
    run.ends(1).says("1 error, 1 warning");
    insta::assert_snapshot!(run.out);
}

#[test]
fn a_file_narrows_the_report_but_not_the_analysis() {
    let place = broken();
    let run = place.idpc("check services/inventory/service.idp");
    run.ends(0).prints("IDP0501").says("1 warning").says("1 error in other files");
    assert!(!run.out.contains("memry"));
    place.idpc("check services/checkout/service.idp").is_clean().says("1 error in other files");
    let run = place.idpc("check services/mail/service.idp");
    run.ends(1).prints("memry");
    assert!(!run.out.contains("IDP0501"));
}

#[test]
fn a_folder_stands_for_its_workspace() {
    let place = broken();
    let whole = place.idpc("check");
    assert_eq!(place.idpc("check services/checkout").out, whole.out);
    assert_eq!(place.run_in("services/checkout", "check", &[], None).out, whole.out);
}

#[test]
fn files_are_named_so_that_they_open_from_here() {
    let place = Place::empty();
    for (path, text) in broken().files() {
        place.write(&format!("infra/{path}"), &String::from_utf8(text).unwrap());
    }
    place.idpc("check infra --format short").ends(1).prints("infra/services/mail/service.idp:5:26: error[IDP0301]");
    // For programs a file has one name, wherever they are run.
    place.idpc("check infra --format json").prints("\"file\":\"services/mail/service.idp\"");
}

#[test]
fn a_file_outside_of_any_workspace_is_checked_by_itself() {
    let place = Place::empty();
    place.write(
        "service.idp",
        "team greeters {}\n\nservice hello : web {\n  owner = greeters\n  language = go\n  port = 8080\n}\n",
    );
    place.idpc("check service.idp").is_clean();
    place.write(
        "service.idp",
        "team greeters {}\n\nservice hello : web {\n  owner = greeter\n  language = go\n  port = 8080\n}\n",
    );
    place.idpc("check service.idp --format short").ends(1).prints("service.idp:4:11: error[IDP0105]");
}

#[test]
fn an_error_in_some_environments_names_them() {
    let place = Place::workspace();
    let text = place.read("services/checkout/service.idp").replace("storage = 200GiB", "storage = 1GiB");
    place.write("services/checkout/service.idp", &text);
    place.idpc("check").ends(1).prints("= in prod");
    place.idpc("check --format short").prints("(in prod)");
    place.idpc("check --format json").prints("\"environments\":[\"prod\"]");
}

#[test]
fn findings_about_the_manifest_point_into_it() {
    let place = Place::workspace();
    place.write("idp.toml", "[workspace]\nname    = \"acme\"\nedition = \"1999\"\n");
    place.idpc("check").ends(1).prints("idp.toml:3:").prints("1999");
    place.idpc("check --format short").ends(1).prints("idp.toml:3:");
    place.idpc("check --format json").ends(1).prints("\"file\":\"idp.toml\",\"start\":{\"line\":3");
    place.idpc("build").ends(1).says("nothing was written");
}

#[test]
fn a_target_that_does_not_exist_is_never_just_left_out() {
    let place = Place::workspace();
    let text = place.read("idp.toml") + "\n[build]\ntargets = [\"argocd\", \"githb\"]\n";
    place.write("idp.toml", &text);
    for command in ["check", "build"] {
        place
            .idpc(&format!("{command} --format short"))
            .ends(1)
            .prints("idp.toml:6:22: error[IDP0725]: there is no target `githb`");
    }
    place.idpc("check").prints("= help: did you mean `github`?");
    place.write("idp.toml", &text.replace("githb", "github"));
    place.idpc("build").is_clean();
    assert!(place.has("out/apps/dev/checkout.yaml") && !place.has("out/rules"));
}

#[test]
fn a_source_that_is_no_text_is_named() {
    let place = Place::workspace();
    std::fs::write(place.path("services/mail/raw.idp"), [b'a', 0xff]).unwrap();
    for format in ["human", "short", "json", "github"] {
        place.idpc(&format!("check --format {format}")).ends(1).prints("services/mail/raw.idp");
    }
}

#[test]
fn colors_are_for_terminals_and_whoever_asks() {
    let place = broken();
    let escape = '\u{1b}';
    assert!(!place.idpc("check").out.contains(escape), "there is no terminal here");
    assert!(place.idpc("check --color always").out.contains(escape));
    assert!(!place.idpc("check --color never").out.contains(escape));
    assert!(!place.run_in("", "check", &[("NO_COLOR", "1")], None).out.contains(escape));
    assert!(place.run_in("", "check --color always", &[("NO_COLOR", "1")], None).out.contains(escape));
    assert!(!place.idpc("check --color always --format json").out.contains(escape));
}

#[cfg(target_os = "linux")]
#[test]
fn a_closed_or_full_standard_output() {
    use std::fs::OpenOptions;
    use std::process::{Command, Stdio};

    let place = broken();
    let idpc = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_idpc"));
        command.current_dir(place.root()).arg("check").stderr(Stdio::piped());
        command
    };
    // Nobody reads any more: that is no failure, and never a panic.
    let mut child = idpc().stdout(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(!said.contains("bug"), "{said}");
    // Nothing more can be written: that is one.
    let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = idpc().stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&output.stderr).contains("standard output"));
}
