//! What happens around a session: other programs change files, the user chooses settings, long work is announced.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

#[expect(dead_code, reason = "other tests say more")]
mod client;

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use client::{Client, uri};

const SERVICE: &str =
    "/// Says hello.\nservice hello : web {\n  owner    = greeters\n  language = go\n  port     = 8080\n}\n";

const PLATFORM: &str = "platform p { api_group = \"p.example\" }\nenvironment dev { stage = development, region = \"eu-central-1\", account = \"111122223333\" }\n";

/// A workspace of one service, whose team is declared in a file of its own.
fn shop() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let root = fs::canonicalize(folder.path()).unwrap();
    fs::write(root.join("idp.toml"), "[workspace]\nname = \"shop\"\nedition = \"2026\"\n").unwrap();
    fs::write(root.join("team.idp"), "team greeters {}\n").unwrap();
    fs::write(root.join("service.idp"), SERVICE).unwrap();
    (folder, root)
}

fn touched(client: &mut Client, path: &std::path::Path, kind: u8) {
    client.tell("workspace/didChangeWatchedFiles", json!({ "changes": [{ "uri": uri(path), "type": kind }] }));
}

/// Answers a question of the server.
fn reply(client: &mut Client, method: &str, result: Value) -> Value {
    let asked = client.wait(|message| message["method"] == method && message.get("id").is_some());
    client.answer(&asked["id"], result);
    asked
}

#[test]
fn files_that_other_programs_make_change_and_delete_count() {
    let (_folder, root) = shop();
    let able = json!({ "workspace": { "didChangeWatchedFiles": { "dynamicRegistration": true } } });
    let (mut client, _) = Client::begin(Some(&root), able);
    let asked = reply(&mut client, "client/registerCapability", Value::Null);
    let registration = &asked["params"]["registrations"][0];
    assert_eq!(registration["method"], "workspace/didChangeWatchedFiles");
    let watched = registration["registerOptions"]["watchers"].to_string();
    assert!(watched.contains("**/*.idp") && watched.contains("**/idp.toml"), "{watched}");

    let (service, team) = (uri(&root.join("service.idp")), root.join("team.idp"));
    client.open(&service, SERVICE);
    assert_eq!(client.findings(&service, json!(1)), Vec::<Value>::new());
    fs::remove_file(&team).unwrap();
    touched(&mut client, &team, 3);
    let found = client.findings(&service, json!(1));
    assert!(found.iter().any(|one| one["code"] == "IDP0105"), "deleted: {found:?}");
    fs::write(&team, "team greeters {}\n").unwrap();
    touched(&mut client, &team, 1);
    assert_eq!(client.findings(&service, json!(1)), Vec::<Value>::new(), "made again");
    fs::write(&team, "team welcomers {}\n").unwrap();
    touched(&mut client, &team, 2);
    assert!(!client.findings(&service, json!(1)).is_empty(), "changed");

    // Of an open file the editor's text counts, whatever is on disk.
    client.open(&uri(&team), "team greeters {}\n");
    assert_eq!(client.findings(&service, json!(1)), Vec::<Value>::new());
    fs::write(&team, "team others {}\n").unwrap();
    touched(&mut client, &team, 2);
    let symbols = client.ask("workspace/diagnostic", json!({ "previousResultIds": [] }));
    let wrong = symbols["result"]["items"].as_array().unwrap().iter().map(|item| item["items"].as_array().unwrap());
    assert_eq!(wrong.flatten().count(), 0, "{symbols}");
    assert_eq!(client.end(), 0);
}

#[test]
fn settings_are_asked_for_and_taken_over() {
    let (_folder, root) = shop();
    fs::create_dir(root.join("platform")).unwrap();
    fs::write(root.join("platform/platform.idp"), PLATFORM).unwrap();
    let able = json!({ "workspace": { "configuration": true, "inlayHint": { "refreshSupport": true } } });
    let (mut client, _) = Client::begin(Some(&root), able);
    let asked = reply(&mut client, "workspace/configuration", json!([{ "inlayHints": false }]));
    assert_eq!(asked["params"]["items"][0]["section"], "idpc");
    let service = uri(&root.join("service.idp"));
    let text = SERVICE.replace("8080\n", "8080\n  needs { db = postgres {} }\n");
    client.open(&service, &text);
    let range = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 9, "character": 0 } });
    let params = json!({ "textDocument": { "uri": service }, "range": range });
    let count = |client: &mut Client| {
        let hints = client.ask("textDocument/inlayHint", params.clone());
        hints["result"].as_array().map_or(0, Vec::len)
    };
    reply(&mut client, "workspace/inlayHint/refresh", Value::Null);
    assert_eq!(count(&mut client), 0, "switched off");
    client.tell("workspace/didChangeConfiguration", json!({ "settings": { "idpc": { "inlayHints": true } } }));
    assert!(count(&mut client) > 0, "a service has defaults to tell of");
    client.tell("workspace/didChangeConfiguration", json!({ "settings": null }));
    reply(&mut client, "workspace/inlayHint/refresh", Value::Null);
    reply(&mut client, "workspace/configuration", json!([{ "inlayHints": false }]));
    reply(&mut client, "workspace/inlayHint/refresh", Value::Null);
    assert_eq!(count(&mut client), 0, "asked again");
    assert_eq!(client.end(), 0);
}

#[test]
fn what_stands_above_declarations_is_asked_for_again_once_everything_was_looked_at() {
    let (_folder, root) = shop();
    fs::create_dir(root.join("platform")).unwrap();
    fs::write(root.join("platform/platform.idp"), PLATFORM).unwrap();
    let able = json!({ "workspace": { "codeLens": { "refreshSupport": true } } });
    let (mut client, _) = Client::begin(Some(&root), able);
    let service = uri(&root.join("service.idp"));
    client.open(&service, SERVICE);
    reply(&mut client, "workspace/codeLens/refresh", Value::Null);
    let lenses = client.ask("textDocument/codeLens", json!({ "textDocument": { "uri": service } }));
    let titles = lenses["result"].to_string();
    assert!(titles.contains("artifacts"), "nothing was edited, and yet they are counted: {titles}");
    assert_eq!(client.end(), 0);
}

#[test]
fn the_workspace_is_looked_at_by_itself_or_when_somebody_asks() {
    let (_folder, root) = shop();
    fs::write(root.join("other.idp"), "team other { bogus = 1 }\n").unwrap();
    let mut client = Client::start();
    let folders = json!([{ "uri": uri(&root), "name": "w" }]);
    let chosen = json!({ "checkWorkspace": false });
    let able = json!({ "window": { "workDoneProgress": true } });
    client.ask(
        "initialize",
        json!({ "processId": null, "capabilities": able, "workspaceFolders": folders, "initializationOptions": chosen }),
    );
    client.tell("initialized", json!({}));
    let (service, other) = (uri(&root.join("service.idp")), uri(&root.join("other.idp")));
    client.open(&service, &SERVICE.replace("port  ", "prt  "));
    assert!(!client.findings(&service, json!(1)).is_empty(), "an open file is looked at all the same");
    assert!(!client.has(|message| message["params"]["uri"] == other), "nobody asked about the rest");

    // Somebody asks, and is told that it may take a while.
    let id = client.post("workspace/diagnostic", json!({ "previousResultIds": [] }));
    let token = reply(&mut client, "window/workDoneProgress/create", Value::Null)["params"]["token"].clone();
    for kind in ["begin", "end"] {
        let told =
            client.wait(|message| message["method"] == "$/progress" && message["params"]["value"]["kind"] == kind);
        assert_eq!(told["params"]["token"], token);
    }
    let answer = client.response(id);
    let items = answer["result"]["items"].as_array().unwrap();
    assert!(items.iter().any(|item| item["uri"] == other && !item["items"].as_array().unwrap().is_empty()), "{answer}");
    assert_eq!(client.end(), 0);
}
