//! What a block of a test expects, beside the assertions in comments: diagnostics, values, files, the graph.

use idpc_graph::draw::{Form, draw};
use idpc_graph::graph::Graph;
use idpc_model::suggest::nearest;

use crate::block::Block;
use crate::finding::Finding;
use crate::inclusion::{missing, renewed};
use crate::program::Outcome;
use crate::values::values;

/// How a block of output shows diagnostics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Detail {
    /// One line each.
    Short,
    /// All that is said, one piece a line.
    Full,
    /// As a terminal shows it.
    Human,
}

/// What a block comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is what it should be.
    Met,
    /// It would have to hold this text instead.
    Differs(String),
    /// It cannot be made right by writing it anew.
    Wrong(String),
}

/// Whether a block holds an expectation.
#[must_use]
pub fn expects(block: &Block) -> bool {
    matches!(block.language(), "output" | "values" | "artifact" | "graph")
}

/// Whether a block can only be judged when the targets have run.
#[must_use]
pub fn needs_targets(block: &Block) -> bool {
    block.language() == "artifact"
}

/// Whether a block holds every finding of its program.
#[must_use]
pub fn pins_findings(block: &Block) -> bool {
    block.language() == "output"
}

/// Judges a block. `human` is what a terminal shows of all findings.
pub fn judge(block: &Block, outcome: &Outcome, human: impl FnOnce() -> String) -> Verdict {
    match block.language() {
        "output" => match detail(block) {
            Some(Detail::Short) => compare(block, lines(&outcome.findings, Detail::Short)),
            Some(Detail::Full) => compare(block, lines(&outcome.findings, Detail::Full)),
            Some(Detail::Human) => compare(block, without_last_gap(&human())),
            None => Verdict::Wrong(String::from("an output is `short`, `full` or `human`")),
        },
        "values" => match values(&outcome.analysis.model, &block.text) {
            Ok(_) if block.text.trim().is_empty() => Verdict::Wrong(String::from("the block names no value")),
            Ok(actual) => compare(block, actual),
            Err(reason) => Verdict::Wrong(reason),
        },
        "graph" => graph(block, outcome),
        "artifact" => artifact(block, outcome),
        _ => Verdict::Met,
    }
}

fn compare(block: &Block, actual: String) -> Verdict {
    if block.text == actual { Verdict::Met } else { Verdict::Differs(actual) }
}

/// Each finding is followed by an empty line; the last one ends the block.
fn without_last_gap(text: &str) -> String {
    let text = text.trim_end_matches('\n');
    if text.is_empty() { String::new() } else { format!("{text}\n") }
}

fn detail(block: &Block) -> Option<Detail> {
    let known = [("short", Detail::Short), ("full", Detail::Full), ("human", Detail::Human)];
    known.into_iter().find(|(word, _)| block.says(word)).map(|(_, detail)| detail)
}

fn lines(findings: &[Finding], detail: Detail) -> String {
    let mut text = String::new();
    for finding in findings {
        text += &format!("{}\n", finding.short);
        if detail == Detail::Full {
            finding.more.iter().for_each(|line| text += &format!("{line}\n"));
        }
    }
    text
}

/// `graph prod`: who calls whom and who needs what, one relation a line.
fn graph(block: &Block, outcome: &Outcome) -> Verdict {
    let Some(name) = block.info.get(1) else {
        return Verdict::Wrong(String::from("a graph names its environment: `graph prod`"));
    };
    let model = &outcome.analysis.model;
    match model.environment(name) {
        Some(environment) => compare(block, draw(&Graph::new(model, environment), Form::Text)),
        None => {
            let known: Vec<&str> = model.environments.iter().map(|one| &*one.name).collect();
            Verdict::Wrong(format!("there is no environment `{name}`; there is {}", known.join(", ")))
        }
    }
}

/// `artifact PATH`: the whole file; with `contains` a part of it, with `absent` that there is none.
fn artifact(block: &Block, outcome: &Outcome) -> Verdict {
    let Some(path) = block.path() else {
        return Verdict::Wrong(String::from(
            "an artifact names its path: `artifact envs/prod/checkout/infra/claims.yaml`",
        ));
    };
    let Some(artifacts) = outcome.emission.as_ref().map(|made| &made.artifacts) else {
        return Verdict::Wrong(String::from("nothing is written: the program has errors"));
    };
    let found = artifacts.iter().find(|artifact| artifact.path.as_str() == path);
    let text = match found.map(|artifact| artifact.text.text()).transpose() {
        Ok(text) => text,
        Err(damaged) => return Verdict::Wrong(format!("`{path}`: {damaged}")),
    };
    match (text, block.says("absent")) {
        (None, true) => Verdict::Met,
        (Some(_), true) => Verdict::Wrong(format!("`{path}` is written")),
        (Some(text), false) if block.says("contains") => contains(block, path, &text),
        (Some(text), false) => compare(block, text),
        (None, false) => {
            let known = artifacts.iter().map(|artifact| artifact.path.as_str());
            let near = nearest(path, known).map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
            Verdict::Wrong(format!("`{path}` is not written{near}"))
        }
    }
}

/// A part of a file. What cannot be written anew says what stands in its place.
fn contains(block: &Block, path: &str, text: &str) -> Verdict {
    if block.text.trim().is_empty() {
        return Verdict::Wrong(String::from("the block names no line"));
    }
    let Some(missing) = missing(&block.text, text) else { return Verdict::Met };
    renewed(&block.text, text).map_or_else(
        || {
            let instead: Vec<String> = missing.instead.iter().map(|line| format!("+ {line}")).collect();
            let wanted = missing.way.last().copied().unwrap_or_default();
            let way = missing.way.join(" > ");
            Verdict::Wrong(format!("`{path}` has no `{way}`\n- {wanted}\n{}", instead.join("\n")))
        },
        Verdict::Differs,
    )
}
