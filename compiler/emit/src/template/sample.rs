//! Runs a block that builds JSON with stand-ins for its values, to see that it is JSON however its conditions fall.

use std::collections::BTreeMap;

use super::ast::LoopField;
use super::escape::Escape;
use super::program::{How, Op, PathRef, Program, Test};

/// The most steps of one run; a block that needs more is too deeply nested to be checked further.
const FUEL: usize = 20_000;
/// The most conditions that are turned one by one.
const TURNS: usize = 24;

/// Checks the block whose first step is at `open`.
pub(super) fn check_json(program: &Program, open: usize) -> Result<(), String> {
    let mut seen = 0;
    for base in [false, true] {
        for length in 0..3 {
            seen = seen.max(check(program, open, length, base, None)?);
        }
        for turned in 0..seen.min(TURNS) {
            check(program, open, 2, base, Some(turned))?;
        }
    }
    Ok(())
}

/// Runs the block once and returns how many conditions it met.
fn check(program: &Program, open: usize, length: usize, base: bool, turned: Option<usize>) -> Result<usize, String> {
    let mut sample = Sample {
        program,
        out: String::new(),
        at: open + 1,
        depth: 1,
        loops: Vec::new(),
        states: BTreeMap::new(),
        length,
        base,
        turned,
        choices: Vec::new(),
    };
    if !sample.run() {
        return Ok(0);
    }
    let met = sample.choices.len();
    match serde_json::from_str::<serde_json::Value>(&sample.out) {
        Ok(_) => Ok(met),
        Err(error) => Err(format!("the text is not JSON ({error}): {}", excerpt(&sample.out, error.column()))),
    }
}

/// The text around the place of an error.
fn excerpt(text: &str, column: usize) -> String {
    let shown: String = text.chars().skip(column.saturating_sub(30)).take(40).collect();
    format!("…{shown}…")
}

struct Sample<'a> {
    program: &'a Program,
    out: String,
    at: usize,
    /// How many string blocks are open; the text of inner ones is not JSON of its own.
    depth: usize,
    /// The steps of the running loops and the slots of their state.
    loops: Vec<(usize, u16)>,
    states: BTreeMap<u16, usize>,
    length: usize,
    base: bool,
    turned: Option<usize>,
    choices: Vec<usize>,
}

impl Sample<'_> {
    fn run(&mut self) -> bool {
        let program = self.program;
        for _ in 0..FUEL {
            let Some(op) = program.ops.get(self.at) else {
                return true;
            };
            self.at += 1;
            match op {
                Op::Text { start, end } if self.depth == 1 => {
                    self.out.push_str(program.text.get(*start as usize..*end as usize).unwrap_or_default());
                }
                Op::Write { how, .. } if self.depth == 1 => self.write(*how),
                Op::Open => self.depth += 1,
                Op::Close { how, .. } => {
                    self.depth -= 1;
                    if self.depth == 0 {
                        return true;
                    }
                    if self.depth == 1 {
                        self.write(*how);
                    }
                }
                Op::Branch { cond, otherwise } => {
                    let holds = self.choose(cond);
                    self.at = if holds { self.at } else { *otherwise as usize };
                }
                Op::Jump(target) => self.at = *target as usize,
                Op::Each { state, otherwise, .. } => self.each(*state, *otherwise),
                Op::Next { body } => self.next(*body),
                Op::Dispatch { table, fallback, .. } => {
                    self.at = table.first().map_or(*fallback, |(_, target)| *target) as usize;
                }
                _ => {}
            }
        }
        false
    }

    fn write(&mut self, how: How) {
        self.out.push_str(if how == How::Part(Escape::JsonValue) { "\"x\"" } else { "x" });
    }

    fn each(&mut self, state: u16, otherwise: u32) {
        if self.length == 0 {
            self.at = otherwise as usize;
        } else {
            self.loops.push((0, state));
            self.states.insert(state, 0);
        }
    }

    fn next(&mut self, body: u32) {
        let Some((step, state)) = self.loops.pop() else {
            return;
        };
        if step + 1 < self.length {
            self.loops.push((step + 1, state));
            self.states.insert(state, step + 1);
            self.at = body as usize;
        }
    }

    fn choose(&mut self, test: &Test) -> bool {
        match test {
            Test::Truthy(PathRef { slot, of_loop: Some(field @ (LoopField::First | LoopField::Last)), .. }) => {
                let step = self.states.get(slot).copied().unwrap_or_default();
                if *field == LoopField::First { step == 0 } else { step + 1 == self.length }
            }
            Test::Not(inner) => !self.choose(inner),
            Test::Constant(value) => *value,
            _ => {
                let place = self.choices.iter().position(|known| *known == self.at).unwrap_or_else(|| {
                    self.choices.push(self.at);
                    self.choices.len() - 1
                });
                self.base != (self.turned == Some(place))
            }
        }
    }
}
