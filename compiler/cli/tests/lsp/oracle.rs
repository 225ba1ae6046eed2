//! The differential oracle: after random edits the server says what a fresh one says about the same texts.
//!
//! Seeds and number of edits are fixed; `IDPC_ORACLE=SEEDSxEDITS` makes a longer run.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::server::{Server, copied, uri};

/// How many seeds, and how many edits of each.
const BUDGET: (u64, usize) = (4, 30);

/// After how many edits the server is compared.
const PACE: usize = 5;

/// What is typed: what breaks and what mends, in one, two, three and four bytes a letter, with all ends of lines.
const PIECES: &[&str] = &[
    "",
    " ",
    "\n",
    "\r\n",
    "\r",
    "{",
    "}",
    "\"",
    "=",
    ".",
    "🌏",
    "é",
    "\u{202e}",
    "// x\n",
    "in prod { cpu = 1 }\n",
    "owner = ordering\n",
    "needs { a = postgres {} }\n",
    "5GiB",
    "${",
    "service x : web {}\n",
    "𝒳",
    "\t",
    "config { A = 1 }",
];

/// Numbers that look random and are the same in each run.
struct Sequence(u64);

impl Sequence {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit.max(1)
    }
}

/// The byte of a place in units of UTF-16, clamped as the protocol says.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let mut starts = vec![0];
    let bytes = text.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        if *byte == b'\n' || *byte == b'\r' && bytes.get(at + 1) != Some(&b'\n') {
            starts.push(at + 1);
        }
    }
    let Some(start) = starts.get(line) else { return text.len() };
    let end = starts.get(line + 1).copied().unwrap_or(text.len());
    let content = text[*start..end].trim_end_matches(['\n', '\r']);
    let mut passed = 0;
    for (at, letter) in content.char_indices() {
        passed += letter.len_utf16();
        if passed > column {
            return start + at;
        }
    }
    start + content.len()
}

/// A random edit, and the text that it leaves.
fn edit(text: &str, sequence: &mut Sequence) -> (Value, String) {
    let lines = text.lines().count() + 2;
    let mut place = || (sequence.below(lines), sequence.below(40));
    let (from, to) = (place(), place());
    let piece = PIECES[sequence.below(PIECES.len())];
    let near = if sequence.below(3) > 0 { (from.0, from.1 + sequence.below(6)) } else { to };
    let start = offset(text, from.0, from.1);
    let end = offset(text, near.0, near.1).max(start);
    // An end before the start is no range: only what is put in counts.
    let mut new = text.to_owned();
    new.replace_range(start..end, piece);
    let at = |(line, character): (usize, usize)| json!({ "line": line, "character": character });
    (json!({ "range": { "start": at(from), "end": at(near) }, "text": piece }), new)
}

/// Everything that is said about the texts.
fn said(server: &mut Server, root: &Path, texts: &BTreeMap<String, String>) -> Vec<Value> {
    server.look(root);
    let mut all = vec![json!(server.said.iter().filter(|(_, found)| !found.is_empty()).collect::<Vec<_>>())];
    for path in texts.keys() {
        let document = json!({ "textDocument": { "uri": uri(root, path) } });
        for method in [
            "textDocument/documentSymbol",
            "textDocument/semanticTokens/full",
            "textDocument/foldingRange",
            "textDocument/diagnostic",
        ] {
            all.push(server.ask(method, document.clone())["result"].clone());
        }
    }
    let last = texts.keys().next_back().unwrap();
    let place = json!([{ "uri": uri(root, last), "position": { "line": 1, "character": 8 } }]);
    let command = json!({ "command": "idpc.artifacts", "arguments": place });
    let artifacts = server.ask("workspace/executeCommand", command);
    all.push(json!({ "result": artifacts["result"], "error": artifacts["error"] }));
    all
}

#[test]
fn edits_leave_what_a_fresh_server_says() {
    let budget = std::env::var("IDPC_ORACLE").ok();
    let given = budget.as_deref().and_then(|budget| budget.split_once('x'));
    let (seeds, edits) = given.map_or(BUDGET, |(seeds, edits)| (seeds.parse().unwrap(), edits.parse().unwrap()));
    let (mut compared, mut wrong) = (0, 0);
    for seed in 1..=seeds {
        let (_folder, root) = copied("online-boutique");
        let mut sequence = Sequence(seed);
        let paths = ["platform/teams.idp", "services/cartservice/service.idp"];
        let sound: Vec<String> = paths.iter().map(|path| fs::read_to_string(root.join(path)).unwrap()).collect();
        let mut texts: BTreeMap<String, String> =
            paths.iter().zip(&sound).map(|(path, text)| ((*path).to_owned(), text.clone())).collect();
        let (mut server, _) = Server::greeted(&root, &json!({}));
        for (path, text) in &texts {
            server.open(&root, path, text);
        }
        for step in 0..edits {
            let which = sequence.below(paths.len());
            let text = texts.get_mut(paths[which]).unwrap();
            let change = if sequence.below(8) == 0 {
                text.clone_from(&sound[which]);
                json!([{ "text": text }])
            } else {
                // Two in one message: the second sees what the first left.
                let (first, between) = edit(text, &mut sequence);
                let (second, after) = edit(&between, &mut sequence);
                *text = after;
                json!([first, second])
            };
            server.change(&root, paths[which], step + 2, &change);
            if step % PACE != PACE - 1 {
                // A question that nobody waits for is as good as any to get in the way.
                server.post(
                    "textDocument/semanticTokens/full",
                    json!({ "textDocument": { "uri": uri(&root, paths[which]) } }),
                );
                continue;
            }
            let kept = said(&mut server, &root, &texts);
            let (mut other, _) = Server::greeted(&root, &json!({}));
            for (path, text) in &texts {
                other.open(&root, path, text);
            }
            let fresh = said(&mut other, &root, &texts);
            assert_eq!(kept, fresh, "seed {seed}, after edit {step}: {texts:?}");
            wrong += kept[0].as_array().unwrap().len();
            compared += 1;
            assert_eq!(other.end(), 0);
        }
        assert_eq!(server.end(), 0);
    }
    assert!(compared >= 8 && wrong > 0, "{compared} comparisons, {wrong} files with findings");
}
