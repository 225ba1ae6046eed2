//! Sessions with the server, as an editor holds them.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

#[expect(dead_code, reason = "other tests ask more")]
mod client;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use client::{Client, uri};

const GOOD: &str = "team greeters {}\n\n/// Says hello.\nservice hello : web {\n  owner    = greeters\n  language = go\n  port     = 8080\n}\n";

const MANIFEST: &str = "[workspace]\nname = \"shop\"\nedition = \"2026\"\n";

/// A folder with one file.
fn folder(text: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("service.idp");
    fs::write(&path, text).unwrap();
    (folder, path)
}

fn boutique() -> PathBuf {
    fs::canonicalize(Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/online-boutique")).unwrap()
}

fn at(line: u32, character: u32) -> Value {
    json!({ "line": line, "character": character })
}

/// The place of a word of a text that has ASCII only.
fn place(text: &str, word: &str) -> Value {
    let offset = text.find(word).unwrap();
    let line = text[..offset].matches('\n').count();
    let column = offset - text[..offset].rfind('\n').map_or(0, |at| at + 1);
    json!({ "line": line, "character": column })
}

fn hover(client: &mut Client, uri: &str, position: Value) -> String {
    let response = client.ask("textDocument/hover", json!({ "textDocument": { "uri": uri }, "position": position }));
    response["result"]["contents"]["value"].as_str().unwrap_or_else(|| panic!("{response}")).to_owned()
}

#[test]
fn an_error_appears_and_disappears() {
    let (_folder, path) = folder(GOOD);
    let uri = uri(&path);
    let (mut client, able) = Client::begin(None, json!({}));
    assert_eq!(able["positionEncoding"], "utf-16");
    assert_eq!(able["textDocumentSync"]["change"], 2, "incremental");

    client.open(&uri, &GOOD.replace("greeters {}", "greeters { /* 🌏 */ }").replace("8080", "99999999"));
    let found = client.findings(&uri, json!(1));
    assert!(!found.is_empty());
    client.change(&uri, 2, json!([{ "text": GOOD.replace("8080", "\"🌏\" 8080") }]));
    assert!(!client.findings(&uri, json!(2)).is_empty());
    // The globe takes two units of UTF-16.
    client.change(&uri, 3, json!([{ "range": { "start": at(6, 13), "end": at(6, 18) }, "text": "" }]));
    assert_eq!(client.findings(&uri, json!(3)), Vec::<Value>::new());

    client.change(&uri, 4, json!([{ "text": GOOD.replace("language = go", "langage = go") }]));
    let found = client.findings(&uri, json!(4));
    let unknown = found.iter().find(|one| one["code"] == "IDP0301").unwrap_or_else(|| panic!("{found:?}"));
    assert_eq!(unknown["range"], json!({ "start": at(5, 2), "end": at(5, 9) }));
    assert_eq!((&unknown["severity"], &unknown["source"]), (&json!(1), &json!("idpc")));
    assert!(unknown["message"].as_str().unwrap().contains("help: did you mean `language`?"), "{unknown}");
    assert_eq!(client.end(), 0);
}

#[test]
fn a_package_is_judged_in_the_workspace_that_uses_it() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("shop");
    let package = folder.path().join("base/cache.idp");
    let rule = "schema small-cache : redis {\n  memory : size in 1MiB..512MiB = 256MiB\n}\n";
    let service = GOOD.replace("port     = 8080", "port = 8080\n  needs { cache = small-cache { memory = 300MiB } }");
    for (path, text) in [
        (root.join("idp.toml"), format!("{MANIFEST}[dependencies]\nbase = {{ path = \"../base\" }}\n")),
        (root.join("service.idp"), service.clone()),
        (
            root.join("platform/platform.idp"),
            String::from(
                "platform p { api_group = \"p.example\", gitops { repository = \"https://p.example/p.git\" } }\nenvironment dev { stage = development, region = \"eu-central-1\", account = \"111122223333\" }\n",
            ),
        ),
        (package.clone(), rule.to_owned()),
    ] {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let (service_uri, package_uri) = (uri(&root.join("service.idp")), uri(&package));
    let (mut client, _) = Client::begin(Some(&root), json!({}));
    client.open(&service_uri, &service);
    let found = client.findings(&service_uri, json!(1));
    assert_eq!(found.iter().filter(|one| one["severity"] == 1).count(), 0, "{found:?}");

    // What is typed in the package counts in the workspace at once, without being saved.
    client.open(&package_uri, rule);
    client.change(&package_uri, 2, json!([{ "text": rule.replace("512MiB", "288MiB") }]));
    let found = client.findings(&service_uri, json!(1));
    let refused = found.iter().find(|one| one["severity"] == 1).unwrap_or_else(|| panic!("{found:?}"));
    let related = refused["relatedInformation"].to_string();
    assert!(related.contains(&package_uri), "{refused}");
    client.change(&package_uri, 3, json!([{ "text": rule.replace("redis", "rediss") }]));
    let found = client.findings(&package_uri, json!(3));
    assert_eq!(found.iter().filter(|one| one["severity"] == 1).count(), 1, "{found:?}");
    assert_eq!(client.end(), 0);
}

#[test]
fn columns_are_bytes_for_clients_that_count_bytes() {
    let (_folder, path) = folder(GOOD);
    let uri = uri(&path);
    let (mut client, able) = Client::begin(None, json!({ "general": { "positionEncodings": ["utf-8", "utf-16"] } }));
    assert_eq!(able["positionEncoding"], "utf-8");
    client.open(&uri, &GOOD.replace("8080", "\"🌏\" 8080"));
    assert!(!client.findings(&uri, json!(1)).is_empty());
    client.change(&uri, 2, json!([{ "range": { "start": at(6, 13), "end": at(6, 20) }, "text": "" }]));
    assert_eq!(client.findings(&uri, json!(2)), Vec::<Value>::new());
    assert_eq!(client.end(), 0);
}

#[test]
fn hovering_tells_type_documentation_and_value_in_each_environment() {
    let root = boutique();
    let path = root.join("services/cartservice/service.idp");
    let (text, uri) = (fs::read_to_string(&path).unwrap(), uri(&path));
    let (mut client, _) = Client::begin(Some(&root), json!({}));
    client.open(&uri, &text);

    let memory = hover(&mut client, &uri, place(&text, "memory = 2GiB"));
    assert!(memory.starts_with("```idp\nmemory : size"), "{memory}");
    let line = text[..text.find("memory = 2GiB").unwrap()].matches('\n').count() + 1;
    assert!(
        memory
            .contains(&format!("prod: `2GiB` — overlay in prod, services/cartservice/service.idp:{line}; entry from ")),
        "{memory}"
    );
    assert!(memory.contains("`256MiB` — services/cartservice/service.idp:"), "{memory}");

    let owner = hover(&mut client, &uri, place(&text, "ordering"));
    assert!(owner.contains("owner : &team") && owner.contains("everywhere: `ordering`"), "{owner}");
    let web = hover(&mut client, &uri, place(&text, "web {"));
    assert!(web.starts_with("```idp\nschema web : service"), "{web}");
    let host = hover(&mut client, &uri, place(&text, "host}"));
    assert!(host.starts_with("```idp\noutput host : string"), "{host}");
    let space = client.ask("textDocument/hover", json!({ "textDocument": { "uri": uri }, "position": at(900, 0) }));
    assert_eq!(space["result"], Value::Null);
    assert_eq!(client.end(), 0);
}

#[test]
fn hovering_sees_the_text_of_the_editor() {
    let (_folder, path) = folder(GOOD);
    let uri = uri(&path);
    let (mut client, _) = Client::begin(None, json!({}));
    client.open(&uri, GOOD);
    assert!(hover(&mut client, &uri, place(GOOD, "port")).contains("`8080`"));
    client.change(&uri, 2, json!([{ "text": GOOD.replace("8080", "9090") }]));
    assert!(hover(&mut client, &uri, place(GOOD, "port")).contains("`9090`"));
    assert_eq!(client.end(), 0);
}

#[test]
fn an_outline_stands_in_a_broken_file_and_formatting_is_that_of_the_command_line() {
    let (_folder, path) = folder(GOOD);
    let uri = uri(&path);
    let (mut client, _) = Client::begin(None, json!({}));
    let text = "team   a{}\nservice b : web {\n  owner=a\n  slo { availability = 99.9% }\n  in prod { replicas = 3..5 }\n}\n}}}\n";
    client.open(&uri, text);
    let symbols = client.ask("textDocument/documentSymbol", json!({ "textDocument": { "uri": uri } }));
    let symbols = &symbols["result"];
    assert_eq!((&symbols[0]["name"], &symbols[0]["detail"]), (&json!("a"), &json!("team")));
    assert_eq!((&symbols[1]["name"], &symbols[1]["detail"]), (&json!("b"), &json!("service : web")));
    let names: Vec<&str> =
        symbols[1]["children"].as_array().unwrap().iter().map(|child| child["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["owner", "slo", "in prod"]);

    for text in [text, "team   a{}\nservice b : web {\n  owner=a\n}\n"] {
        client.change(&uri, 2, json!([{ "text": text }]));
        let options = json!({ "tabSize": 2, "insertSpaces": true });
        let response =
            client.ask("textDocument/formatting", json!({ "textDocument": { "uri": uri }, "options": options }));
        let mut formatted = text.to_owned();
        for edit in response["result"].as_array().unwrap() {
            let (start, end) = (offset(text, &edit["range"]["start"]), offset(text, &edit["range"]["end"]));
            formatted.replace_range(start..end, edit["newText"].as_str().unwrap());
        }
        assert_eq!(formatted, idpc_syntax::format(text));
    }
    assert_eq!(client.end(), 0);
}

/// The byte of a place in a text that has ASCII only.
fn offset(text: &str, place: &Value) -> usize {
    let line = usize::try_from(place["line"].as_u64().unwrap()).unwrap();
    let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    start + usize::try_from(place["character"].as_u64().unwrap()).unwrap()
}

#[test]
fn each_answer_is_about_the_text_as_it_was_when_the_question_was_sent() {
    let (mut client, _) = Client::begin(None, json!({}));
    let uri = "untitled:Untitled-1";
    client.open(uri, "");
    let mut asked = Vec::new();
    for version in 7..307 {
        let change = if version % 7 == 0 {
            json!([{ "text": "" }])
        } else {
            json!([{ "range": { "start": at(0, 0), "end": at(0, 0) }, "text": format!("team t{version} {{}}\n") }])
        };
        client.change(uri, version, change);
        asked.push((version, client.post("textDocument/documentSymbol", json!({ "textDocument": { "uri": uri } }))));
    }
    for (version, id) in asked {
        let symbols = client.response(id)["result"].as_array().unwrap().clone();
        assert_eq!(symbols.len(), usize::try_from(version % 7).unwrap(), "at version {version}");
        if version % 7 > 0 {
            assert_eq!(symbols[0]["name"], format!("t{version}"));
        }
    }
    assert_eq!(client.end(), 0);
}

#[test]
fn a_mistake_in_one_file_is_told_in_all_and_closing_returns_to_the_disk() {
    let folder = tempfile::tempdir().unwrap();
    let root = fs::canonicalize(folder.path()).unwrap();
    fs::write(root.join("idp.toml"), MANIFEST).unwrap();
    fs::write(root.join("team.idp"), "team greeters {}\n").unwrap();
    fs::write(root.join("service.idp"), GOOD.split_once("\n\n").unwrap().1).unwrap();
    let (team, service) = (uri(&root.join("team.idp")), uri(&root.join("service.idp")));
    let (mut client, _) = Client::begin(Some(&root), json!({}));

    client.open(&team, "team welcomers {}\n");
    let found = client.findings(&service, Value::Null);
    assert!(found.iter().any(|one| one["code"] == "IDP0105"), "{found:?}");
    assert_eq!(client.findings(&team, json!(1)), Vec::<Value>::new());
    client.tell("textDocument/didClose", json!({ "textDocument": { "uri": team } }));
    assert_eq!(client.findings(&service, Value::Null), Vec::<Value>::new());

    fs::write(root.join("team.idp"), "team others {}\n").unwrap();
    client.tell("workspace/didChangeWatchedFiles", json!({ "changes": [{ "uri": team, "type": 2 }] }));
    assert!(!client.findings(&service, Value::Null).is_empty());
    // A file that exists in the editor alone belongs to the workspace, too.
    client.open(&uri(&root.join("more.idp")), "team greeters {}\n");
    assert_eq!(client.findings(&service, Value::Null), Vec::<Value>::new());

    fs::write(root.join("idp.toml"), format!("{MANIFEST}bogus = 1\n")).unwrap();
    let manifest = uri(&root.join("idp.toml"));
    client.tell("workspace/didChangeWatchedFiles", json!({ "changes": [{ "uri": manifest, "type": 2 }] }));
    let found = client.findings(&manifest, Value::Null);
    assert_eq!(found[0]["range"]["start"]["line"], 3, "{found:?}");
    assert_eq!(client.end(), 0);
}

#[test]
fn what_is_not_understood_is_refused_and_the_next_request_is_answered() {
    let mut client = Client::start();
    let early =
        client.ask("textDocument/hover", json!({ "textDocument": { "uri": "untitled:1" }, "position": at(0, 0) }));
    assert_eq!(early["error"]["code"], -32002);
    client.ask("initialize", json!({ "processId": null, "capabilities": {} }));
    client.tell("initialized", json!({}));
    assert_eq!(client.ask("idpc/nonsense", json!({}))["error"]["code"], -32601);
    assert_eq!(client.ask("textDocument/hover", json!({ "place": 3 }))["error"]["code"], -32602);
    client.tell("textDocument/didChange", json!({ "contentChanges": "?" }));
    client.tell("idpc/unheardOf", json!([]));
    // Nothing is known of a text that was never opened.
    client.change("untitled:1", 7, json!([{ "text": "team a {}" }]));
    let unopened = client.ask("textDocument/documentSymbol", json!({ "textDocument": { "uri": "untitled:1" } }));
    assert_eq!(unopened["result"], Value::Null);
    client.open("untitled:1", "team a {}");
    let opened = client.ask("textDocument/documentSymbol", json!({ "textDocument": { "uri": "untitled:1" } }));
    assert_eq!(opened["result"][0]["name"], "a");
    assert_eq!(client.end(), 0);
}

#[test]
fn the_exit_code_tells_whether_the_session_was_ended_properly() {
    let (client, _) = Client::begin(None, json!({}));
    assert_eq!(client.end(), 0);
    let (client, _) = Client::begin(None, json!({}));
    assert_eq!(client.leave(), 1);
    let (client, _) = Client::begin(None, json!({}));
    assert_eq!(client.hang_up(), 1);
    assert_eq!(Client::start().hang_up(), 1);
}
