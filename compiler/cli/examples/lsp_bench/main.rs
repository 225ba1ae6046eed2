//! Measures the language server over its pipes, as an editor drives it: how long after a key what is wrong with the open
//! file is known, how long answers take, and how much memory it holds.
//!
//! `cargo run --release -p idpc --example lsp_bench -- [SERVICES…]`; 100, 1,000 and 10,000 if none are given. The client
//! says that it takes what is found as soon as it is known. Each time ends when the message has been read.

#[path = "../bench/chance.rs"]
mod chance;
mod editor;
#[path = "../bench/fleet.rs"]
mod fleet;
#[path = "../bench/memory.rs"]
mod memory;
#[path = "../bench/place.rs"]
mod place;
mod session;
mod times;

use std::error::Error;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use editor::Editor;
use fleet::Fleet;
use memory::megabytes;
use times::{Times, milliseconds};

/// The sizes that are measured if none is named.
const SIZES: &[usize] = &[100, 1000, 10_000];

/// How many keys are pressed, and how many questions asked, of each kind.
const KEYS: usize = 300;

/// How many keys are pressed with a rest before each, long enough for the server to have begun to look at everything.
const RESTED: usize = 60;

/// How long such a rest is.
const REST: Duration = Duration::from_millis(700);

/// How many edits the memory is watched for, and up to which size of workspace.
const EDITS: usize = 10_000;
const WATCHED: usize = 1000;

fn main() -> Result<(), Box<dyn Error>> {
    let mut sizes: Vec<usize> = std::env::args().skip(1).map(|text| text.parse()).collect::<Result<_, _>>()?;
    if sizes.is_empty() {
        sizes = SIZES.to_vec();
    }
    // Another program can be measured, to compare.
    let program = match std::env::var_os("IDPC_PROGRAM") {
        Some(program) => program.into(),
        None => place::program()?,
    };
    for services in sizes {
        measure(&program, services)?;
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the numbers are what the program is for")]
fn measure(program: &Path, services: usize) -> Result<(), Box<dyn Error>> {
    let place = tempfile::Builder::new().prefix("idpc-lsp-bench-").tempdir_in(place::home())?;
    let root = fs::canonicalize(place.path())?;
    let sources = Fleet::new(services, 1).write(&root)?;
    println!("\n{services} services in 3 environments, {sources} sources");
    let start = Instant::now();
    let mut editor = Editor::open(program, &root)?;
    println!("first findings      {}", milliseconds(editor.fresh()?.duration_since(start)));
    // The first key comes while everything is being looked at for the first time.
    println!("first key           {}", milliseconds(editor.key()?));
    println!("everything          {} after the start", milliseconds(editor.everything()?.duration_since(start)));
    println!("memory              {:.1} MB", megabytes(editor.memory()?));

    let mut typed = Times::default();
    for _ in 0..KEYS {
        typed.add(editor.key()?);
    }
    println!("key, typing         {typed}");
    let mut rested = Times::default();
    for _ in 0..RESTED {
        std::thread::sleep(REST);
        rested.add(editor.key()?);
    }
    println!("key, after a rest   {rested}");
    let mut named = Times::default();
    for _ in 0..KEYS / 10 {
        named.add(editor.key_in_name()?);
    }
    println!("key, in a name      {named}");
    for (title, question) in editor.questions() {
        let mut times = Times::default();
        for _ in 0..KEYS {
            // Each question is about a text that has just changed.
            editor.press()?;
            times.add(editor.ask(&question)?);
        }
        println!("{title:<20}{times}");
    }
    if services <= WATCHED {
        let mut held = Vec::new();
        for edit in 1..=EDITS {
            editor.key()?;
            if edit == EDITS / 10 || edit == EDITS {
                editor.everything()?;
                held.push(megabytes(editor.memory()?));
            }
        }
        let held: Vec<String> = held.iter().map(|held| format!("{held:.1} MB")).collect();
        println!("memory              {} after {} and {EDITS} edits", held.join(", "), EDITS / 10);
    }
    println!("most memory         {:.1} MB", megabytes(editor.most_memory()?));
    editor.close()
}
