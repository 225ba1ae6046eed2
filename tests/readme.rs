//! What the README shows is what happens.

#![expect(clippy::unwrap_used, reason = "a test that cannot read its files has failed")]

use std::path::Path;
use std::sync::Arc;

use idpc_driver::host::Host;
use idpc_driver::workspace::{Loaded, SourceText};
use idpc_model::source::Role;

fn readme() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("README.md");
    std::fs::read_to_string(path).unwrap()
}

/// The fenced blocks of a language, in order.
fn blocks(language: &str) -> Vec<String> {
    let text = readme();
    let fence = format!("```{language}\n");
    text.split(&fence).skip(1).map(|rest| rest.split("```").next().unwrap().to_owned()).collect()
}

fn host(text: &str) -> Host {
    let file =
        SourceText { path: "services/checkout/service.idp".to_owned(), text: Arc::from(text), role: Role::Single };
    let empty = Loaded::new("/".into(), "checkout".to_owned(), "2026".to_owned(), "/out".into());
    Host::new(Loaded { files: vec![file], ..empty })
}

#[test]
fn the_input_gives_the_output() {
    let inputs = blocks("idp");
    let host = host(inputs.first().unwrap());
    let analysis = host.analyze();
    assert!(analysis.diagnostics.is_empty(), "{:?}", analysis.diagnostics);
    let emission = host.emit(&analysis.model, None);
    for shown in blocks("yaml") {
        let mut lines = shown.lines();
        let path = lines.next().unwrap().trim_start_matches("# out/");
        let file = emission.artifacts.iter().find(|file| file.path.to_string() == path);
        let text = &file.unwrap_or_else(|| panic!("{path} is not written")).text.text().unwrap();
        let document = text
            .split("\n---\n")
            .find(|document| lines.clone().all(|line| document.contains(line)))
            .unwrap_or_else(|| panic!("no document of {path} has every line that the README shows:\n{text}"));
        // In the order shown, too.
        let mut at = 0;
        for line in lines {
            at += document[at..].find(line).unwrap_or_else(|| panic!("`{line}` stands elsewhere in {path}"));
        }
    }
}

#[test]
fn the_mistake_gives_the_message() {
    let input = blocks("idp").first().unwrap().replace("storage = 50GiB", "storage = 5GiB");
    let shown = blocks("text").into_iter().find(|block| block.starts_with("error[")).unwrap();
    let host = host(&input);
    let found = host.analyze().diagnostics;
    let [finding] = found.as_slice() else { panic!("{found:?}") };
    assert!(shown.contains(&format!("error[{}]: {}", finding.code.id(), finding.message)), "{finding:?}");
    assert!(shown.contains(finding.help.as_deref().unwrap()), "{finding:?}");
}

#[test]
fn the_commands_are_those_that_the_tests_run() {
    let commands = blocks("sh");
    assert_eq!(commands, ["cargo run --release --bin idpc -- build examples/astronomy-shop\n", "bash tests/run\n"]);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let ci = std::fs::read_to_string(root.join(".ci/run")).unwrap();
    assert!(ci.contains("tests/run"), "CI does not call the README's test command");
    let run = std::fs::read_to_string(root.join("tests/run")).unwrap();
    assert!(run.contains("README.md"), "tests/run does not run the README's build command");
}
