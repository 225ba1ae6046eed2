//! What is shown beside a text, held against what the command line writes.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use super::server::{Server, copied, uri};

const CART: &str = "services/cartservice/service.idp";

/// Every file below a folder.
fn files(folder: &Path, found: &mut Vec<std::path::PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

/// Builds, and counts the files of each service and shared resource, those for its repository included.
fn built(root: &Path) -> BTreeMap<String, usize> {
    let run = Command::new(env!("CARGO_BIN_EXE_idpc")).args(["build", ".", "-q"]).current_dir(root).output().unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let mut all = Vec::new();
    files(&root.join("out"), &mut all);
    let (mut counts, mut declared) = (BTreeMap::new(), BTreeSet::new());
    for path in all.iter().filter(|path| path.ends_with("manifest.json")) {
        let manifest: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        let Some(name) = manifest["unit"]["name"].as_str() else { continue };
        if manifest["unit"]["kind"] != "repository" {
            declared.insert(name.to_owned());
        }
        let count = |list: &str| manifest[list].as_array().map_or(0, Vec::len);
        *counts.entry(name.to_owned()).or_default() += count("files") + count("once");
    }
    // The platform has a repository, too.
    counts.retain(|name, _| declared.contains(name));
    counts
}

#[test]
fn as_many_artifacts_are_counted_as_are_written() {
    let (_folder, root) = copied("online-boutique");
    let (mut server, _) = Server::greeted(&root, &json!({}));
    server.look(&root);
    let mut sources = Vec::new();
    files(&root, &mut sources);
    let mut counted = BTreeMap::new();
    for path in sources.iter().filter(|path| path.extension().is_some_and(|ending| ending == "idp")) {
        let text = fs::read_to_string(path).unwrap();
        let name = path.strip_prefix(&root).unwrap().to_str().unwrap();
        server.open(&root, name, &text);
        let document = json!({ "textDocument": { "uri": uri(&root, name) } });
        for lens in server.ask("textDocument/codeLens", document)["result"].as_array().unwrap() {
            let title = lens["command"]["title"].as_str().unwrap();
            let Some((count, "artifact" | "artifacts")) = title.split_once(' ') else { continue };
            let run = json!({ "command": lens["command"]["command"], "arguments": lens["command"]["arguments"] });
            let shown = server.ask("workspace/executeCommand", run)["result"].clone();
            let count: usize = count.parse().unwrap();
            assert_eq!(shown["artifacts"].as_array().unwrap().len(), count, "{title}");
            counted.insert(shown["name"].as_str().unwrap().to_owned(), count);
        }
    }
    assert!(counted.len() > 5, "{counted:?}");
    assert_eq!(counted, built(&root));
    assert_eq!(server.end(), 0);
}

/// What is said of the cart's memory.
fn hovered(server: &mut Server, root: &Path, text: &str) -> String {
    let line = text.lines().position(|line| line.contains("carts = redis")).unwrap();
    let column = text.lines().nth(line).unwrap().find("memory").unwrap();
    let place =
        json!({ "textDocument": { "uri": uri(root, CART) }, "position": { "line": line, "character": column } });
    server.ask("textDocument/hover", place)["result"]["contents"]["value"].as_str().unwrap().to_owned()
}

#[test]
fn a_hover_shows_what_is_built_while_nothing_is_wrong() {
    let (_folder, root) = copied("online-boutique");
    let text = fs::read_to_string(root.join(CART)).unwrap();
    let mut server = Server::opened(&root, CART, &text);
    let shown = hovered(&mut server, &root, &text);
    assert!(shown.contains("In prod, of `envs/prod/cartservice/infra/claims.yaml`:"), "{shown}");
    let excerpt = shown.split("```yaml\n").nth(1).unwrap().split("\n```").next().unwrap();
    built(&root);
    let written = fs::read_to_string(root.join("out/envs/prod/cartservice/infra/claims.yaml")).unwrap();
    let mut rest = written.lines();
    for line in excerpt.lines() {
        assert!(rest.any(|other| other == line), "{line} is not in\n{written}");
    }
    assert!(excerpt.contains("memoryMib: 2048"), "{excerpt}");
    let broken = text.replace("owner    = ordering", "owner    = nobody");
    server.change(&root, CART, 2, &json!([{ "text": broken }]));
    server.look(&root);
    let shown = hovered(&mut server, &root, &broken);
    assert!(shown.contains("```idp") && !shown.contains("```yaml"), "{shown}");
    server.change(&root, CART, 3, &json!([{ "text": text }]));
    server.look(&root);
    assert!(hovered(&mut server, &root, &text).contains("```yaml"));
    assert_eq!(server.end(), 0);
}

#[test]
fn a_hint_leads_to_where_its_value_is_written() {
    let (_folder, root) = copied("online-boutique");
    let text = fs::read_to_string(root.join(CART)).unwrap();
    let mut server = Server::opened(&root, CART, &text);
    let range = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 100, "character": 0 } });
    let params = json!({ "textDocument": { "uri": uri(&root, CART) }, "range": range });
    let hints = server.ask("textDocument/inlayHint", params)["result"].clone();
    let parts: Vec<&Value> =
        hints.as_array().unwrap().iter().flat_map(|hint| hint["label"].as_array().unwrap()).collect();
    let overlay = parts.iter().find(|part| part["value"] == "prod: 2GiB").unwrap();
    let line = usize::try_from(overlay["location"]["range"]["start"]["line"].as_u64().unwrap()).unwrap();
    assert!(text.lines().nth(line).unwrap().contains("memory = 2GiB"), "{overlay}");
    let default = parts.iter().find(|part| part["value"].as_str().unwrap().starts_with("version = ")).unwrap();
    assert!(default["location"]["uri"].as_str().unwrap().starts_with("idpc-library:/kinds/redis"), "{default}");
    // Only what is asked for.
    let params = json!({ "textDocument": { "uri": uri(&root, CART) }, "range": {
        "start": { "line": 0, "character": 0 }, "end": { "line": 3, "character": 0 } } });
    assert_eq!(server.ask("textDocument/inlayHint", params)["result"], json!([]));
    assert_eq!(server.end(), 0);
}

#[test]
fn only_the_wanted_kinds_of_actions_come() {
    let (_folder, root) = copied("online-boutique");
    let sound = fs::read_to_string(root.join(CART)).unwrap();
    // Something that can only have been meant so, and a value that could be set for one environment.
    let text =
        sound.replace("memory   = 128MiB", "memory   : 128MiB").replace("owner    = ordering", "owner    = nobody");
    let mut server = Server::opened(&root, CART, &text);
    let mut kinds = |only: Value| {
        let mut context = json!({ "diagnostics": [] });
        if !only.is_null() {
            context["only"] = only;
        }
        let range = json!({ "start": { "line": 2, "character": 0 }, "end": { "line": 10, "character": 0 } });
        let params = json!({ "textDocument": { "uri": uri(&root, CART) }, "range": range, "context": context });
        let found = server.ask("textDocument/codeAction", params)["result"].clone();
        let mut kinds: Vec<String> =
            found.as_array().unwrap().iter().map(|action| action["kind"].as_str().unwrap().to_owned()).collect();
        kinds.dedup();
        kinds
    };
    let all = kinds(Value::Null);
    for kind in ["quickfix", "source.fixAll.idpc"] {
        assert!(all.iter().any(|known| known == kind), "{kind}: {all:?}");
        assert_eq!(kinds(json!([kind])), [kind]);
    }
    assert_eq!(kinds(json!(["source.fixAll"])), ["source.fixAll.idpc"]);
    assert_eq!(kinds(json!(["source"])), ["source.fixAll.idpc"]);
    assert_eq!(kinds(json!(["source.fixAll.other"])), Vec::<String>::new());
    assert_eq!(kinds(json!(["refactor.inline"])), Vec::<String>::new());
    assert_eq!(server.end(), 0);
}
