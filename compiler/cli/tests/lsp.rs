//! The language server as an editor starts it: it says what `idpc check` says, and it ends when its client is gone.
#![expect(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "lsp/clients.rs"]
mod clients;
#[path = "lsp/oracle.rs"]
mod oracle;
#[path = "lsp/promised.rs"]
mod promised;
#[path = "lsp/server.rs"]
mod server;
#[path = "lsp/shown.rs"]
mod shown;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use server::{Server, copied, ended};

/// A finding: file, first line and column, severity, code and message.
type Found = (String, u64, u64, String, String, String);

/// What `idpc check` finds.
fn checked(root: &Path, path: &str) -> Vec<Found> {
    let run = Command::new(env!("CARGO_BIN_EXE_idpc"))
        .args(["check", path, "--format", "json"])
        .current_dir(root)
        .output()
        .unwrap();
    let text = String::from_utf8(run.stdout).unwrap();
    let found = text.lines().map(|line| {
        let finding: Value = serde_json::from_str(line).unwrap();
        // What has no place is shown at the beginning.
        let number = |value: &Value| value.as_u64().unwrap_or(1);
        let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        (
            word(&finding["file"]),
            number(&finding["start"]["line"]),
            number(&finding["start"]["column"]),
            word(&finding["severity"]),
            word(&finding["code"]),
            word(&finding["message"]),
        )
    });
    let mut found: Vec<_> = found.collect();
    found.sort();
    found
}

/// The same from what the server said. The texts here are ASCII, so all columns count alike.
fn heard(server: &Server) -> Vec<Found> {
    let mut found = Vec::new();
    for (file, problems) in &server.said {
        for problem in problems {
            let severity = if problem["severity"] == 1 { "error" } else { "warning" };
            let message = problem["message"].as_str().unwrap().lines().next().unwrap();
            let number = |value: &Value| value.as_u64().unwrap() + 1;
            let start = &problem["range"]["start"];
            let code = problem["code"].as_str().unwrap_or_default();
            let said = (file.clone(), number(&start["line"]), number(&start["character"]), severity.to_owned());
            // An embedded template cannot be opened in an editor, so its place is a part of the message.
            let (file, line, column, severity, message) = match embedded(message) {
                Some((file, line, column, message)) => (file, line, column, said.3, message),
                None => (said.0, said.1, said.2, said.3, message.to_owned()),
            };
            found.push((file, line, column, severity, code.to_owned(), message));
        }
    }
    found.sort();
    found
}

/// `targets/argocd/service.hbs:3:1: message`.
fn embedded(message: &str) -> Option<(String, u64, u64, String)> {
    let parts: Vec<&str> = message.splitn(4, ':').collect();
    let [file, line, column, rest] = parts[..] else { return None };
    let place = (line.parse().ok()?, column.parse().ok()?);
    file.ends_with(".hbs").then(|| (file.to_owned(), place.0, place.1, rest.trim().to_owned()))
}

/// Breaks a file of an example, on disk for the command line and in the editor alone for the server.
fn agree(example: &str, file: &str, from: &str, to: &str) -> usize {
    let (_folder, root) = copied(example);
    let path = root.join(file);
    let sound = fs::read_to_string(&path).unwrap();
    let broken = sound.replacen(from, to, 1);
    assert_ne!(sound, broken, "`{from}` is not in {file}");
    // A file outside of any workspace has to be named; a workspace is checked as a whole.
    let whole = if root.join("idp.toml").is_file() { "." } else { file };
    let server = Server::opened(&root, file, &broken);
    let heard = heard(&server);
    fs::write(&path, broken).unwrap();
    assert_eq!(heard, checked(&root, whole), "{file}: {from} -> {to}");
    assert_eq!(server.end(), 0);
    heard.len()
}

#[test]
fn server_and_command_line_say_the_same() {
    let cart = "services/cartservice/service.idp";
    let mut found = 0;
    for (from, to) in [
        ("port     = 7070", "port     = "),
        ("port     = 7070", "prt = 7070"),
        ("owner    = ordering", "owner    = nobody"),
        ("memory = 2GiB", "memory = true"),
        ("service cartservice", "service cart"),
        ("in prod {", "in production {"),
        ("}", ""),
        ("availability = 99.95%", "availability = 100%"),
        ("tier     = critical", "// idp:allow IDP0314 because of nothing\n  tier     = critical"),
    ] {
        found += agree("online-boutique", cart, from, to);
    }
    assert!(found > 9, "only {found} findings were compared");
    agree("online-boutique", "platform/teams.idp", "team ordering", "team orderings");
    agree("hello", "service.idp", "web {", "wob {");
}

#[test]
fn what_the_targets_find_in_a_sound_workspace_is_said_as_well() {
    let sound = ("platform/platform.idp", "platform ", "// Nothing changes.\nplatform ");
    for example in ["online-boutique", "astronomy-shop"] {
        agree(example, sound.0, sound.1, sound.2);
    }
    let repository = "repository = \"https://github.com/boutique/platform.git\"";
    let found = agree("online-boutique", sound.0, repository, "");
    assert!(found > 0, "a missing delivery repository is worth a warning");
}

#[test]
fn every_example_is_judged_alike() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let mut compared = 0;
    for example in fs::read_dir(examples).unwrap() {
        let root = example.unwrap().path();
        if !root.join("idp.toml").is_file() {
            continue;
        }
        let (_folder, root) = copied(root.file_name().unwrap().to_str().unwrap());
        let (mut server, _) = Server::greeted(&root, &json!({}));
        server.look(&root);
        assert_eq!(heard(&server), checked(&root, "."), "{}", root.display());
        assert_eq!(server.end(), 0);
        compared += 1;
    }
    assert!(compared >= 2, "only {compared} examples were compared");
}

/// The files of the failing program of a page; a block without a path is `main.idp`.
fn failing(page: &str) -> Vec<(String, String)> {
    let mut files = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        let Some(info) = line.strip_prefix("```") else { continue };
        let body: Vec<&str> = lines.by_ref().take_while(|line| !line.starts_with("```")).collect();
        let words: Vec<&str> = info.split_whitespace().collect();
        if words.get(1) == Some(&"fails") {
            let path = words.get(2).copied().unwrap_or("main.idp");
            files.push((path.to_owned(), format!("{}\n", body.join("\n"))));
        }
    }
    files
}

/// What lies in a folder.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    all.sort();
    all
}

/// Does the same with all of them, some at a time; each waits for processes more than it computes.
fn side_by_side<T: Sync, R: Send>(all: Vec<T>, work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while let Some(one) = all.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let result = work(one);
                    done.lock().unwrap().push(result);
                }
            });
        }
    });
    done.into_inner().unwrap()
}

#[test]
fn every_failing_program_of_the_documentation_is_judged_alike() {
    let pages = entries(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/errors"));
    let found: Vec<Vec<String>> = side_by_side(pages, |page| refused(page)).into_iter().flatten().collect();
    let codes: BTreeSet<&String> = found.iter().flatten().collect();
    let programs = found.len();
    assert!(programs > 100 && codes.len() > 100, "{programs} programs raised {} codes", codes.len());
}

/// The codes of what is found in the failing program of a page, if it has one.
fn refused(page: &Path) -> Option<Vec<String>> {
    let files = failing(&fs::read_to_string(page).unwrap());
    let folder = tempfile::tempdir().unwrap();
    let root = fs::canonicalize(folder.path()).unwrap();
    for (path, text) in &files {
        fs::create_dir_all(root.join(path).parent().unwrap()).unwrap();
        fs::write(root.join(path), text).unwrap();
    }
    let (main, text) = files.iter().find(|(path, _)| path.ends_with(".idp"))?;
    let is_workspace = root.join("idp.toml").is_file();
    // A file outside of any workspace is known by its own folder.
    let alone = root.join(main);
    let root = if is_workspace { root } else { alone.parent().unwrap().to_owned() };
    let main = if is_workspace { "." } else { alone.file_name().unwrap().to_str().unwrap() };
    let expected = checked(&root, main);
    let server = if is_workspace {
        let (mut server, _) = Server::greeted(&root, &json!({}));
        server.look(&root);
        server
    } else {
        Server::opened(&root, main, text)
    };
    assert_eq!(heard(&server), expected, "{}", page.display());
    assert_eq!(server.end(), 0);
    Some(expected.into_iter().map(|finding| finding.4).collect())
}

/// The programs of a page, one below each heading, as folders; what the command line finds in each, and how many there are.
fn programs(page: &Path, root: &Path, server: &mut Server) -> (usize, Vec<Found>) {
    let blocks = idpc_testing::block::blocks(&fs::read_to_string(page).unwrap()).unwrap();
    let mut sections: BTreeMap<usize, Vec<(String, String)>> = BTreeMap::new();
    for block in blocks.into_iter().filter(idpc_testing::block::Block::is_file) {
        let path = block.path().unwrap_or("main.idp").to_owned();
        // Columns count alike in all encodings.
        let text = block.text.replace(|letter: char| !letter.is_ascii(), "?");
        sections.entry(block.section).or_default().push((path, text));
    }
    let (count, mut expected) = (sections.len(), Vec::new());
    for (section, files) in sections {
        let home = root.join(section.to_string());
        for (path, text) in &files {
            fs::create_dir_all(home.join(path).parent().unwrap()).unwrap();
            fs::write(home.join(path), text).unwrap();
        }
        // Several files are a workspace; one is known by its own folder.
        let manifest = home.join("idp.toml");
        if files.len() > 1 && !manifest.is_file() {
            fs::write(&manifest, "[workspace]\nname = \"acme\"\n").unwrap();
        }
        let Some((main, text)) = files.iter().find(|(path, _)| path.ends_with(".idp")) else { continue };
        server.open(root, &format!("{section}/{main}"), text);
        let (inner, name) = main.rsplit_once('/').filter(|_| !manifest.is_file()).unwrap_or(("", main));
        let found = checked(&home.join(inner), if manifest.is_file() { "." } else { name });
        let below = Path::new(&section.to_string()).join(inner);
        expected.extend(found.into_iter().map(|(file, line, column, severity, code, message)| {
            (below.join(file).display().to_string(), line, column, severity, code, message)
        }));
    }
    expected.sort();
    (count, expected)
}

#[test]
fn every_case_of_the_language_is_judged_alike() {
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/language");
    let pages = entries(&pages).into_iter().filter(|page| page.extension().is_some_and(|ending| ending == "md"));
    let (cases, findings) = side_by_side(pages.collect(), |page| {
        let folder = tempfile::tempdir().unwrap();
        let root = fs::canonicalize(folder.path()).unwrap();
        let (mut server, _) = Server::greeted(&root, &json!({}));
        let (count, expected) = programs(page, &root, &mut server);
        server.look(&root);
        assert_eq!(heard(&server), expected, "{}", page.display());
        assert_eq!(server.end(), 0);
        (count, expected.len())
    })
    .into_iter()
    .fold((0, 0), |(cases, findings), (count, found)| (cases + count, findings + found));
    assert!(cases > 200 && findings > 200, "{cases} cases with {findings} findings");
}

#[test]
fn what_is_wrong_with_the_manifest_is_said_as_well() {
    for broken in ["targets = [\"argo\"]\n", "bogus = 1\n"] {
        let (_folder, root) = copied("online-boutique");
        let manifest = root.join("idp.toml");
        let text = fs::read_to_string(&manifest).unwrap();
        fs::write(&manifest, format!("{text}\n[build]\n{broken}")).unwrap();
        let teams = fs::read_to_string(root.join("platform/teams.idp")).unwrap();
        let server = Server::opened(&root, "platform/teams.idp", &teams);
        let heard = heard(&server);
        assert!(heard.iter().any(|found| found.0 == "idp.toml"), "{heard:?}");
        assert_eq!(heard, checked(&root, "."), "{broken}");
        assert_eq!(server.end(), 0);
    }
}

#[test]
fn the_server_ends_with_its_client() {
    let mut silent = Server::start();
    drop(silent.input);
    assert_eq!(ended(&mut silent.child), 1, "a closed input without a word");

    let (_folder, root) = copied("hello");
    let text = fs::read_to_string(root.join("service.idp")).unwrap();
    let mut closed = Server::opened(&root, "service.idp", &text);
    drop(closed.input);
    assert_eq!(ended(&mut closed.child), 1, "a closed input within a session");

    let mut left = Server::opened(&root, "service.idp", &text);
    left.send(&json!({ "jsonrpc": "2.0", "method": "exit" }));
    assert_eq!(ended(&mut left.child), 1, "`exit` without `shutdown`");

    // The client's process is gone, and somebody else keeps the pipe open.
    let mut client = Command::new("sleep").arg("1000").spawn().unwrap();
    let mut orphan = Server::start();
    let params = json!({ "processId": client.id(), "capabilities": {} });
    orphan.ask("initialize", params);
    client.kill().unwrap();
    client.wait().unwrap();
    assert_eq!(ended(&mut orphan.child), 1, "the client is gone");
}
