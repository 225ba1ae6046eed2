//! The server with the capabilities of editors: every request is answered in a form that the editor takes.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::server::{Server, copied, uri};

/// What editors say that they can do, as far as the server looks at it.
fn editors() -> Vec<(&'static str, Value)> {
    let formats = json!(["markdown", "plaintext"]);
    vec![
        (
            "VS Code",
            json!({
                "general": { "positionEncodings": ["utf-16"] },
                "window": { "workDoneProgress": true },
                "workspace": {
                    "workspaceEdit": { "documentChanges": true },
                    "didChangeWatchedFiles": { "dynamicRegistration": true, "relativePatternSupport": true },
                    "diagnostics": { "refreshSupport": true },
                    "configuration": true,
                    "workspaceFolders": true
                },
                "textDocument": {
                    "completion": { "completionItem": { "snippetSupport": true, "documentationFormat": formats } },
                    "hover": { "contentFormat": formats },
                    "definition": { "linkSupport": true },
                    "rename": { "prepareSupport": true },
                    "diagnostic": { "dynamicRegistration": true, "relatedDocumentSupport": false },
                    "publishDiagnostics": { "relatedInformation": true }
                }
            }),
        ),
        (
            "Neovim",
            json!({
                "general": { "positionEncodings": ["utf-8", "utf-16", "utf-32"] },
                "window": { "workDoneProgress": true },
                "workspace": {
                    "workspaceEdit": { "documentChanges": true, "resourceOperations": ["rename", "create", "delete"] },
                    "didChangeWatchedFiles": { "dynamicRegistration": false },
                    "workspaceFolders": true
                },
                "textDocument": {
                    "completion": { "completionItem": { "snippetSupport": true, "documentationFormat": formats } },
                    "hover": { "contentFormat": formats },
                    "definition": { "linkSupport": true },
                    "rename": { "prepareSupport": true },
                    "diagnostic": { "dynamicRegistration": false }
                }
            }),
        ),
        (
            "Helix",
            json!({
                "general": { "positionEncodings": ["utf-8", "utf-32", "utf-16"] },
                "window": { "workDoneProgress": true },
                "workspace": {
                    "workspaceEdit": { "documentChanges": true },
                    "didChangeWatchedFiles": { "dynamicRegistration": true },
                    "workspaceFolders": true
                },
                "textDocument": {
                    "completion": { "completionItem": { "snippetSupport": true } },
                    "hover": { "contentFormat": ["markdown"] },
                    "rename": { "prepareSupport": true }
                }
            }),
        ),
        (
            "Emacs",
            json!({
                "general": { "positionEncodings": ["utf-32", "utf-8", "utf-16"] },
                "workspace": {
                    "workspaceEdit": { "documentChanges": true },
                    "didChangeWatchedFiles": { "dynamicRegistration": true },
                    "workspaceFolders": true
                },
                "textDocument": {
                    "completion": { "completionItem": { "snippetSupport": false } },
                    "hover": { "contentFormat": ["plaintext"] },
                    "rename": { "prepareSupport": true },
                    "publishDiagnostics": { "relatedInformation": false }
                }
            }),
        ),
        ("a client that can do nothing", json!({})),
    ]
}

const FILE: &str = "services/cartservice/service.idp";

/// Each request with its parameters; the cursor is on `ordering`, the value of `owner`.
fn requests(uri: &str) -> Vec<(&'static str, Value)> {
    let document = json!({ "uri": uri });
    let place = json!({ "textDocument": document, "position": { "line": 2, "character": 15 } });
    let with = |more: Value| {
        let mut params = place.clone();
        for (key, value) in more.as_object().unwrap() {
            params[key] = value.clone();
        }
        params
    };
    let range = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 20, "character": 0 } });
    let options = json!({ "tabSize": 2, "insertSpaces": true });
    let argument = json!([{ "uri": uri, "position": { "line": 1, "character": 8 } }]);
    vec![
        ("textDocument/hover", place.clone()),
        ("textDocument/completion", place.clone()),
        ("textDocument/signatureHelp", place.clone()),
        ("textDocument/definition", place.clone()),
        ("textDocument/declaration", place.clone()),
        ("textDocument/typeDefinition", place.clone()),
        ("textDocument/references", with(json!({ "context": { "includeDeclaration": true } }))),
        ("textDocument/documentHighlight", place.clone()),
        ("textDocument/prepareRename", place.clone()),
        ("textDocument/rename", with(json!({ "newName": "buyers" }))),
        ("textDocument/prepareCallHierarchy", place.clone()),
        ("textDocument/documentSymbol", json!({ "textDocument": document })),
        ("textDocument/foldingRange", json!({ "textDocument": document })),
        ("textDocument/selectionRange", json!({ "textDocument": document, "positions": [place["position"]] })),
        ("textDocument/semanticTokens/full", json!({ "textDocument": document })),
        ("textDocument/semanticTokens/range", json!({ "textDocument": document, "range": range })),
        ("textDocument/inlayHint", json!({ "textDocument": document, "range": range })),
        ("textDocument/codeLens", json!({ "textDocument": document })),
        ("textDocument/documentLink", json!({ "textDocument": document })),
        (
            "textDocument/codeAction",
            json!({ "textDocument": document, "range": range, "context": { "diagnostics": [] } }),
        ),
        ("textDocument/formatting", json!({ "textDocument": document, "options": options })),
        ("textDocument/rangeFormatting", json!({ "textDocument": document, "range": range, "options": options })),
        ("textDocument/onTypeFormatting", with(json!({ "ch": "\n", "options": options }))),
        ("textDocument/diagnostic", json!({ "textDocument": document })),
        ("workspace/diagnostic", json!({ "previousResultIds": [] })),
        ("workspace/symbol", json!({ "query": "cart" })),
        ("workspace/executeCommand", json!({ "command": "idpc.artifacts", "arguments": argument })),
        ("workspace/executeCommand", json!({ "command": "idpc.callers", "arguments": argument })),
        ("workspace/executeCommand", json!({ "command": "idpc.uses", "arguments": argument })),
        ("workspace/executeCommand", json!({ "command": "idpc.graph", "arguments": [] })),
        ("workspace/executeCommand", json!({ "command": "idpc.explain", "arguments": [{ "code": "IDP0301" }] })),
        ("idpc/library", json!({ "uri": "idpc-library:/kinds/postgres.idp" })),
    ]
}

#[test]
fn every_request_of_every_editor_is_answered() {
    for (editor, capabilities) in editors() {
        let (_folder, root) = copied("online-boutique");
        let text = fs::read_to_string(root.join(FILE)).unwrap();
        assert!(text.lines().nth(2).unwrap().contains("ordering"), "{text}");
        let (mut server, able) = Server::greeted(&root, &capabilities);
        server.open(&root, FILE, &text);
        let own = uri(&root, FILE);
        let mut answers = Vec::new();
        // What is counted and what is built is known when everything was looked at.
        server.look(&root);
        for (method, params) in requests(&own) {
            let response = server.ask(method, params);
            assert!(response.get("error").is_none(), "{editor}, {method}: {response}");
            if method != "textDocument/onTypeFormatting" && method != "textDocument/signatureHelp" {
                assert!(!response["result"].is_null(), "{editor}, {method}: nothing");
            }
            answers.push((method, response["result"].clone()));
        }
        let of = |method: &str| answers.iter().find(|(known, _)| *known == method).unwrap().1.clone();
        forms(editor, &capabilities, &able, &of);
        contents(&of, &root.join(FILE).display().to_string());
        let calls = of("textDocument/prepareCallHierarchy");
        let params = json!({ "item": calls[0] });
        let incoming = server.ask("callHierarchy/incomingCalls", params.clone());
        assert!(!incoming["result"].as_array().unwrap().is_empty(), "{incoming}");
        assert!(server.ask("callHierarchy/outgoingCalls", params)["result"].is_array());
        assert_eq!(server.end(), 0);
    }
}

/// Answers come in the forms that the client said it takes.
fn forms(editor: &str, capabilities: &Value, able: &Value, of: &dyn Fn(&str) -> Value) {
    let text = &capabilities["textDocument"];
    let offered = capabilities["general"]["positionEncodings"].to_string();
    let encoding = if offered.contains("utf-8") { "utf-8" } else { "utf-16" };
    assert_eq!(able["positionEncoding"], encoding, "{editor}");
    assert_eq!(able["diagnosticProvider"].is_object(), text["diagnostic"].is_object(), "{editor}");
    let definition = of("textDocument/definition");
    let linked = text["definition"]["linkSupport"] == true;
    assert_eq!(definition[0]["targetUri"].is_string(), linked, "{editor}: {definition}");
    let snippets = text["completion"]["completionItem"]["snippetSupport"] == true;
    for item in of("textDocument/completion").as_array().unwrap() {
        assert!(snippets || item["insertTextFormat"] == 1, "{editor}: {item}");
        assert!(snippets || !item["textEdit"]["newText"].as_str().unwrap().contains('$'), "{editor}: {item}");
    }
    let plain = text["hover"]["contentFormat"] == json!(["plaintext"]);
    let hover = of("textDocument/hover");
    assert_eq!(hover["contents"]["kind"] == "plaintext", plain, "{editor}: {hover}");
    let rename = of("textDocument/rename");
    let versions = capabilities["workspace"]["workspaceEdit"]["documentChanges"] == true;
    assert_eq!(rename["documentChanges"].is_array(), versions, "{editor}: {rename}");
    assert_eq!(rename["changes"].is_object(), !versions, "{editor}: {rename}");
}

/// Answers say what is true of the example.
fn contents(of: &dyn Fn(&str) -> Value, path: &str) {
    let shown = |method: &str| of(method).to_string();
    assert!(shown("textDocument/definition").contains("platform/teams.idp"));
    assert!(shown("textDocument/references").contains(path));
    assert!(shown("textDocument/rename").contains("buyers"));
    assert_eq!(of("textDocument/prepareRename")["placeholder"], "ordering");
    assert!(shown("textDocument/codeLens").contains("artifacts"), "{}", shown("textDocument/codeLens"));
    assert!(shown("textDocument/codeLens").contains("called by"));
    assert!(shown("textDocument/inlayHint").contains("prod: "), "{}", shown("textDocument/inlayHint"));
    let artifacts = of("workspace/executeCommand");
    assert_eq!(artifacts["name"], "cartservice");
    let first = &artifacts["artifacts"][0];
    assert!(!first["text"].as_str().unwrap().is_empty() && first["path"].is_string(), "{first}");
    assert!(shown("workspace/symbol").contains("cartservice"));
    assert!(of("idpc/library").as_str().unwrap().contains("schema postgres"));
}

#[test]
fn what_is_known_is_answered_in_one_line() {
    let (_folder, root) = copied("online-boutique");
    let text = fs::read_to_string(root.join(FILE)).unwrap();
    let (_, capabilities) = editors().remove(0);
    let (mut server, _) = Server::greeted(&root, &capabilities);
    let broken = text.replace("tier     = critical", "tier     = criticl");
    server.open(&root, FILE, &broken);
    let document = json!({ "uri": uri(&root, FILE) });
    server.look(&root);
    let first = server.ask("textDocument/diagnostic", json!({ "textDocument": document }))["result"].clone();
    assert_eq!(first["kind"], "full");
    assert_eq!(first["items"][0]["range"]["start"]["line"], 4, "{first}");
    let known = json!({ "textDocument": document, "previousResultId": first["resultId"] });
    assert_eq!(server.ask("textDocument/diagnostic", known.clone())["result"]["kind"], "unchanged");
    let ids = json!({ "previousResultIds": [{ "uri": document["uri"], "value": first["resultId"] }] });
    let items = server.ask("workspace/diagnostic", ids)["result"]["items"].clone();
    let own = items.as_array().unwrap().iter().find(|item| item["uri"] == document["uri"]).unwrap().clone();
    assert_eq!(own["kind"], "unchanged", "{items}");
    // It is fixed: the client is told so, although nothing is wrong any more.
    server.change(&root, FILE, 2, &json!([{ "text": text }]));
    let after = server.ask("textDocument/diagnostic", known)["result"].clone();
    assert_eq!((&after["kind"], &after["items"]), (&json!("full"), &json!([])));
    let ids = json!({ "previousResultIds": [{ "uri": document["uri"], "value": first["resultId"] }] });
    let items = server.ask("workspace/diagnostic", ids)["result"]["items"].clone();
    let own = items.as_array().unwrap().iter().find(|item| item["uri"] == document["uri"]).unwrap().clone();
    assert_eq!((&own["kind"], &own["items"]), (&json!("full"), &json!([])));
    assert_eq!(server.end(), 0);
}

#[test]
fn colors_are_what_all_changes_make_of_them() {
    let (_folder, root) = copied("online-boutique");
    let text = fs::read_to_string(root.join(FILE)).unwrap();
    let (mut server, _) = Server::greeted(&root, &json!({}));
    server.open(&root, FILE, &text);
    let document = json!({ "uri": uri(&root, FILE) });
    let full = server.ask("textDocument/semanticTokens/full", json!({ "textDocument": document }))["result"].clone();
    let mut data: Vec<Value> = full["data"].as_array().unwrap().clone();
    let mut id = full["resultId"].clone();
    for version in 2..12 {
        let line = version % 5;
        let at = json!({ "line": line, "character": 0 });
        let edit = json!([{ "range": { "start": at, "end": at }, "text": "// a word\n" }]);
        server.change(&root, FILE, version, &edit);
        let params = json!({ "textDocument": document, "previousResultId": id });
        let delta = server.ask("textDocument/semanticTokens/full/delta", params)["result"].clone();
        let edits = delta["edits"].as_array().unwrap_or_else(|| panic!("{delta}"));
        for edit in edits.iter().rev() {
            let start = usize::try_from(edit["start"].as_u64().unwrap()).unwrap();
            let gone = usize::try_from(edit["deleteCount"].as_u64().unwrap()).unwrap();
            data.splice(start..start + gone, edit["data"].as_array().unwrap().clone());
        }
        id = delta["resultId"].clone();
        let now = server.ask("textDocument/semanticTokens/full", json!({ "textDocument": document }));
        assert_eq!(now["result"]["data"], json!(data), "at version {version}");
    }
    assert_eq!(server.end(), 0);
}

#[test]
fn a_client_that_never_answers_is_served_all_the_same() {
    let (_folder, root) = copied("online-boutique");
    let text = fs::read_to_string(root.join(FILE)).unwrap();
    let (_, capabilities) = editors().remove(0);
    let (mut server, _) = Server::greeted(&root, &capabilities);
    server.answers = false;
    server.open(&root, FILE, &text);
    for version in 2..402 {
        let edit = if version % 2 == 0 { text.replace("critical", "criticl") } else { text.clone() };
        server.change(&root, FILE, version, &json!([{ "text": edit }]));
    }
    let document = json!({ "uri": uri(&root, FILE) });
    let found = server.ask("textDocument/diagnostic", json!({ "textDocument": document }))["result"].clone();
    assert_eq!(found["items"], json!([]), "{found}");
    assert_eq!(server.end(), 0);
}

#[test]
fn each_hover_is_about_the_text_as_it_was_or_is_refused() {
    let (_folder, root) = copied("hello");
    let text = fs::read_to_string(root.join("service.idp")).unwrap();
    let (mut server, _) = Server::greeted(&root, &json!({}));
    server.open(&root, "service.idp", &text);
    let line = text.lines().position(|line| line.trim_start().starts_with("port")).unwrap();
    let at = |column: usize| json!({ "line": line, "character": column });
    let length = text.lines().nth(line).unwrap().len();
    let mut asked = Vec::new();
    for version in 2..602 {
        let port = 1000 + version;
        let new = format!("  port = {port}");
        let range = json!({ "start": at(0), "end": at(if version == 2 { length } else { new.len() }) });
        server.change(&root, "service.idp", version, &json!([{ "range": range, "text": new }]));
        let params = json!({ "textDocument": { "uri": uri(&root, "service.idp") }, "position": at(3) });
        asked.push((port, server.post("textDocument/hover", params)));
    }
    let mut said = 0;
    for (port, id) in asked {
        let response = server.response(id);
        match response["error"]["code"].as_i64() {
            Some(code) => assert_eq!(code, -32801, "{response}"),
            None => {
                said += 1;
                let shown = response["result"]["contents"]["value"].as_str().unwrap();
                assert!(shown.contains(&format!("`{port}`")), "{port}: {shown}");
            }
        }
    }
    assert!(said > 0, "nothing was said in between");
    assert_eq!(server.end(), 0);
}

#[test]
fn what_the_client_cancels_is_released_at_once() {
    let (_folder, root) = copied("online-boutique");
    let (mut server, _) = Server::greeted(&root, &json!({}));
    // It waits until everything was looked at.
    let id = server.post("workspace/diagnostic", json!({ "previousResultIds": [] }));
    server.tell("$/cancelRequest", json!({ "id": id }));
    let response = server.response(id);
    assert_eq!(response["error"]["code"], -32800, "{response}");
    server.look(&root);
    assert_eq!(server.end(), 0);
}

/// What the server would write into `idp.toml` if a folder or file moved.
fn moved(server: &mut Server, root: &Path, from: &str, to: &str) -> Vec<(u64, String)> {
    let named = |path: &str| uri(root, path).trim_end_matches('/').to_owned();
    let files = json!([{ "oldUri": named(from), "newUri": named(to) }]);
    let edit = server.ask("workspace/willRenameFiles", json!({ "files": files }))["result"].clone();
    let Some(changes) = edit["changes"].as_object() else {
        assert!(edit.is_null(), "{edit}");
        return Vec::new();
    };
    assert_eq!(changes.keys().collect::<Vec<_>>(), [&uri(root, "idp.toml")]);
    let edits = changes.values().flat_map(|edits| edits.as_array().unwrap());
    edits
        .map(|edit| (edit["range"]["start"]["line"].as_u64().unwrap(), edit["newText"].as_str().unwrap().to_owned()))
        .collect()
}

#[test]
fn the_manifest_follows_folders_that_move() {
    let folder = tempfile::tempdir().unwrap();
    let root = fs::canonicalize(folder.path()).unwrap().join("acme");
    for inner in ["base", "packages/kinds"] {
        fs::create_dir_all(root.join(inner)).unwrap();
    }
    let manifest = "[workspace]\nname = \"acme\"\nplatform = \"base\"\n\n[dependencies]\n\
                    kinds = { path = \"./packages/kinds\" }\n";
    fs::write(root.join("idp.toml"), manifest).unwrap();
    let team = "team ordering {\n  contact = \"ordering@acme.example\"\n}\n";
    fs::write(root.join("base/teams.idp"), team).unwrap();
    let able = json!({ "workspace": { "fileOperations": { "willRename": true } } });
    let (mut server, promised) = Server::greeted(&root, &able);
    let filter = &promised["workspace"]["fileOperations"]["willRename"]["filters"][0];
    assert_eq!(filter["pattern"]["matches"], "folder", "{promised}");
    let mut after = |from: &str, to: &str| moved(&mut server, &root, from, to);
    assert_eq!(after("base", "platform/core"), [(2, String::from("\"platform/core\""))]);
    assert_eq!(after("packages", "../shared"), [(5, String::from("\"../shared/kinds\""))]);
    // No file is named anywhere, nor any other folder; and everything together moves as it is.
    for (from, to) in [("base/teams.idp", "base/people.idp"), ("services", "apps"), ("", "../other")] {
        assert_eq!(after(from, to), [], "{from}");
    }
    assert_eq!(server.end(), 0);
}

#[test]
fn any_bytes_are_survived() {
    let (_folder, root) = copied("hello");
    let (mut server, _) = Server::greeted(&root, &json!({}));
    for body in
        ["{", "[]", "null", "{\"jsonrpc\":\"2.0\"}", "\u{0}\u{1}", "{\"jsonrpc\":\"2.0\",\"method\":7,\"id\":1}"]
    {
        server.raw(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
    }
    for method in ["textDocument/didChange", "textDocument/didOpen", "textDocument/didClose", "$/cancelRequest"] {
        server.tell(method, json!({ "textDocument": 7 }));
        server.tell(method, Value::Null);
    }
    let response = server.ask("textDocument/hover", json!({ "textDocument": 7 }));
    assert_eq!(response["error"]["code"], -32602, "{response}");
    let response = server.ask("textDocument/nothing", json!({}));
    assert_eq!(response["error"]["code"], -32601, "{response}");
    server.look(&root);
    assert_eq!(server.end(), 0);
}
