//! A workspace after many edits says what the same texts say when they are read for the first time.
#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;
use std::path::Path;

use idpc_driver::host::Host;
use idpc_driver::workspace::Loaded;

/// How many edits are made; a run for a release takes more.
const EDITS: usize = 40;

/// What people type, whole and in part.
const PIECES: &[&str] = &[
    "",
    " ",
    "\n",
    "{",
    "}",
    "\"",
    "// idp:allow IDP0501 because\n",
    "owner = nobody\n",
    "in prod { replicas = 2..3 }\n",
    "service extra : web {}\n",
    "calls { frontend }\n",
    "enum tier { high }\n",
    "let x = 5GiB\n",
    "🌏",
];

/// A sequence of numbers that looks random and is the same in each run.
struct Sequence(u64);

impl Sequence {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let high = usize::try_from(self.0 >> 33).expect("31 bits fit");
        high % limit.max(1)
    }
}

/// Replaces a few characters at some place by some piece.
fn edited(text: &str, sequence: &mut Sequence) -> String {
    let mut at = sequence.below(text.len() + 1);
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let (before, after) = text.split_at(at);
    let kept: String = after.chars().skip(sequence.below(8)).collect();
    let piece = PIECES.get(sequence.below(PIECES.len())).copied().unwrap_or_default();
    format!("{before}{piece}{kept}")
}

#[test]
fn edits_leave_what_a_fresh_start_finds() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/online-boutique");
    let original = Loaded::open(&root).expect("an example");
    let mut host = Host::new(original.clone());
    let mut now: BTreeMap<String, String> = BTreeMap::new();
    let mut sequence = Sequence(7);
    let mut found = 0;
    for step in 0..EDITS {
        let file = original.files.get(sequence.below(original.files.len())).expect("a file");
        let text = now.entry(file.path.clone()).or_insert_with(|| file.text.to_string());
        // One edit in five takes everything back.
        *text = if sequence.below(5) == 0 { file.text.to_string() } else { edited(text, &mut sequence) };
        assert!(host.set_text(&file.path, text));

        let mut loaded = original.clone();
        for (path, text) in &now {
            loaded.add(path, text);
        }
        let fresh = Host::new(loaded).examine();
        let kept = host.examine();
        assert_eq!(kept.diagnostics, fresh.diagnostics, "after edit {step}, of {}: {now:?}", file.path);
        assert_eq!(kept.templates, fresh.templates, "after edit {step}, of {}", file.path);
        found += kept.diagnostics.len();
    }
    assert!(found > EDITS, "only {found} findings were compared");
}

#[test]
fn files_that_come_and_go_are_noticed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/online-boutique");
    let original = Loaded::open(&root).expect("an example");
    let mut host = Host::new(original.clone());
    assert!(!host.set_text("services/new.idp", "team extra {}\n"), "there is no such file yet");
    let mut more = original.clone();
    more.add("services/new.idp", "service extra : web {}\n");
    host.reload(more);
    assert!(host.file_id("services/new.idp").is_some());
    assert!(host.analyze().has_errors(), "a service needs an owner");
    host.reload(original);
    assert!(host.file_id("services/new.idp").is_none());
    assert!(!host.analyze().has_errors());
}
