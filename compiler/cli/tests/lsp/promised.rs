//! Everything that the server says that it can do is asked for by a test.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::server::{Server, copied};

/// The methods behind a capability, by its key.
fn methods(key: &str, value: &Value) -> Vec<&'static str> {
    let with = |more: &'static str, set: bool| if set { vec![more] } else { Vec::new() };
    let mut found = match key {
        // Not a method.
        "positionEncoding" => return Vec::new(),
        "textDocumentSync" => vec!["textDocument/didOpen", "textDocument/didChange", "textDocument/didClose"],
        "diagnosticProvider" => vec!["textDocument/diagnostic"],
        "hoverProvider" => vec!["textDocument/hover"],
        "documentSymbolProvider" => vec!["textDocument/documentSymbol"],
        "documentFormattingProvider" => vec!["textDocument/formatting"],
        "documentRangeFormattingProvider" => vec!["textDocument/rangeFormatting"],
        "documentOnTypeFormattingProvider" => vec!["textDocument/onTypeFormatting"],
        "completionProvider" => vec!["textDocument/completion"],
        "signatureHelpProvider" => vec!["textDocument/signatureHelp"],
        "definitionProvider" => vec!["textDocument/definition"],
        "declarationProvider" => vec!["textDocument/declaration"],
        "typeDefinitionProvider" => vec!["textDocument/typeDefinition"],
        "implementationProvider" => vec!["textDocument/implementation"],
        "referencesProvider" => vec!["textDocument/references"],
        "documentHighlightProvider" => vec!["textDocument/documentHighlight"],
        "renameProvider" => vec!["textDocument/rename"],
        "workspaceSymbolProvider" => vec!["workspace/symbol"],
        "callHierarchyProvider" => {
            vec!["textDocument/prepareCallHierarchy", "callHierarchy/incomingCalls", "callHierarchy/outgoingCalls"]
        }
        "foldingRangeProvider" => vec!["textDocument/foldingRange"],
        "selectionRangeProvider" => vec!["textDocument/selectionRange"],
        "semanticTokensProvider" => vec![
            "textDocument/semanticTokens/full",
            "textDocument/semanticTokens/full/delta",
            "textDocument/semanticTokens/range",
        ],
        "inlayHintProvider" => vec!["textDocument/inlayHint"],
        "codeLensProvider" => vec!["textDocument/codeLens"],
        "documentLinkProvider" => vec!["textDocument/documentLink"],
        "codeActionProvider" => vec!["textDocument/codeAction"],
        "executeCommandProvider" => vec!["workspace/executeCommand"],
        "workspace" => {
            let operations = value["fileOperations"].as_object();
            let renames = operations.is_some_and(|able| able.contains_key("willRename"));
            let others = operations.map_or(0, |able| able.len()) - usize::from(renames);
            assert_eq!(others, 0, "no test is known for {value}");
            with("workspace/willRenameFiles", renames)
        }
        other => panic!("no test is known for the capability `{other}`"),
    };
    found.extend(with("workspace/diagnostic", key == "diagnosticProvider" && value["workspaceDiagnostics"] == true));
    found.extend(with("textDocument/prepareRename", value["prepareProvider"] == true));
    assert_ne!(value["resolveProvider"], true, "no test is known for resolving: {key}");
    found
}

#[test]
fn each_request_that_is_promised_is_tested() {
    let (_folder, root) = copied("hello");
    let able = json!({ "textDocument": { "diagnostic": {}, "rename": { "prepareSupport": true } },
        "workspace": { "fileOperations": { "willRename": true } } });
    let (server, promised) = Server::greeted(&root, &able);
    assert_eq!(server.end(), 0);
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lsp");
    let mut written = String::new();
    for entry in fs::read_dir(tests).unwrap() {
        let path = entry.unwrap().path();
        if !path.ends_with("promised.rs") {
            written += &fs::read_to_string(path).unwrap();
        }
    }
    let mut count = 0;
    for (key, value) in promised.as_object().unwrap() {
        for method in methods(key, value) {
            assert!(written.contains(&format!("\"{method}\"")), "no test asks for {method}");
            count += 1;
        }
    }
    assert!(count >= 30, "only {count} requests are promised");
    for command in promised["executeCommandProvider"]["commands"].as_array().unwrap() {
        assert!(written.contains(&command.to_string()), "no test runs {command}");
    }
}
