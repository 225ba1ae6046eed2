//! What the server does on command: what is generated for a place, the graph, the page about a code, embedded files.

use idpc_ide::calls;
use idpc_model::source::declared;
use serde::Deserialize;
use serde_json::{Value, json};
use tower_lsp::ls_types as lsp;
use tower_lsp::ls_types::request::{ExecuteCommand, Request};

use super::{Abilities, Ask};
use crate::message::{Asked, Edits, Fault, Lane, Needs};
use crate::view::{View, embedded};
use crate::wire::convert;

/// The commands.
pub(in crate::wire) const COMMANDS: &[&str] =
    &["idpc.artifacts", "idpc.graph", "idpc.explain", "idpc.callers", "idpc.uses"];

/// Asks for the text of an embedded file.
enum Library {}

#[derive(serde::Serialize, Deserialize)]
struct LibraryParams {
    uri: String,
}

impl Request for Library {
    type Params = LibraryParams;
    type Result = Option<String>;
    const METHOD: &'static str = "idpc/library";
}

/// A place that a command is about.
#[derive(Deserialize)]
struct Place {
    uri: lsp::Uri,
    position: lsp::Position,
}

pub(super) fn asked(method: &str, params: &Value, able: Abilities) -> Option<Result<Asked, String>> {
    let ask = Ask { lane: Lane::Slow, edits: Edits::Retry, needs: Needs::Nothing };
    match method {
        Library::METHOD => {
            Some(ask.by::<Library>(params.clone(), |_| None, |view, params| Ok(library(view, &params.uri))))
        }
        ExecuteCommand::METHOD => Some(command(params.clone(), able)),
        _ => None,
    }
}

fn library(view: &View, uri: &str) -> Option<String> {
    let name = embedded(uri)?;
    let part = view.parts.first()?;
    let file = part.host.file_id(&name)?;
    part.host.file(file).map(|(_, text)| text.to_owned())
}

fn command(params: Value, able: Abilities) -> Result<Asked, String> {
    let read: lsp::ExecuteCommandParams = serde_json::from_value(params.clone()).map_err(|error| error.to_string())?;
    let argument = read.arguments.first().cloned().unwrap_or(Value::Null);
    let place: Option<Place> = serde_json::from_value(argument.clone()).ok();
    let uri = place.as_ref().map(|place| place.uri.clone());
    let position = place.map(|place| place.position);
    let swept = Ask { lane: Lane::Slow, edits: Edits::Retry, needs: Needs::Sweep };
    let now = Ask { needs: Needs::Nothing, ..swept };
    let about = move |_: &lsp::ExecuteCommandParams| uri.clone();
    match read.command.as_str() {
        "idpc.artifacts" => by(swept, params, about, move |view| artifacts(view, position)),
        "idpc.graph" => {
            let environment = argument.get("environment").and_then(Value::as_str).map(str::to_owned);
            by(swept, params, about, move |view| graph(view, environment.as_deref()))
        }
        "idpc.explain" => {
            let code = argument.get("code").or(Some(&argument)).and_then(Value::as_str).unwrap_or_default().to_owned();
            by(now, params, |_| None, move |_| explain(&code, able))
        }
        "idpc.callers" | "idpc.uses" => by(now, params, about, move |view| uses(view, position)),
        other => Err(format!("there is no command `{other}`")),
    }
}

fn by(
    ask: Ask,
    params: Value,
    uri: impl Fn(&lsp::ExecuteCommandParams) -> Option<lsp::Uri>,
    work: impl Fn(&View) -> Result<Value, Fault> + Send + Sync + 'static,
) -> Result<Asked, String> {
    let read: lsp::ExecuteCommandParams = serde_json::from_value(params.clone()).map_err(|error| error.to_string())?;
    let about = uri(&read).map(|uri| uri.as_str().to_owned());
    let asked = ask.by::<ExecuteCommand>(params, |_| None, move |view, _| work(view).map(Some))?;
    Ok(Asked { uri: about, ..asked })
}

/// The files that come of the declaration at a place.
fn artifacts(view: &View, at: Option<lsp::Position>) -> Result<Value, Fault> {
    let refused = |reason: &str| Fault::Refused(reason.to_owned());
    let here = view.here().ok_or_else(|| refused("this file belongs to no workspace"))?;
    let offset = here.offset(convert::position(at.unwrap_or_default()), view.encoding);
    let around = here.view.ast.decls.iter().find(|decl| decl.span.contains_inclusive(offset));
    let (_, name) = around.and_then(declared).ok_or_else(|| refused("there is no declaration here"))?;
    let sweep = here.part.sweep.as_ref().ok_or_else(|| refused("the workspace could not be looked at"))?;
    let Some(found) = sweep.outputs.get(name) else {
        return Err(refused("nothing is generated of this, or an error refuses it"));
    };
    let each = found.iter().filter_map(|at| sweep.artifacts.get(*at)).map(|artifact| {
        json!({
            "path": artifact.path.to_string(),
            "target": artifact.target,
            "environment": artifact.unit.env(),
            "text": artifact.text.text().unwrap_or_default(),
        })
    });
    Ok(json!({ "name": name, "artifacts": each.collect::<Vec<_>>() }))
}

/// The graph of an environment, the last one if none is named, as Mermaid.
fn graph(view: &View, environment: Option<&str>) -> Result<Value, Fault> {
    let sweep = view.parts.first().and_then(|part| part.sweep.as_ref());
    let model = sweep.and_then(|sweep| sweep.model.as_ref());
    let drawn = model.and_then(|model| idpc_ide::diagram::mermaid(model, environment));
    let (environment, text) = drawn.ok_or_else(|| Fault::Refused(String::from("there is no such environment")))?;
    let environments = model.into_iter().flat_map(|model| &model.environments).map(|found| found.name.to_string());
    Ok(json!({ "environment": environment, "environments": environments.collect::<Vec<_>>(), "mermaid": text }))
}

fn explain(code: &str, able: Abilities) -> Result<Value, Fault> {
    let page = able.explain.and_then(|explain| explain(code));
    page.map(Value::String).ok_or_else(|| Fault::Refused(format!("there is no code `{code}`")))
}

/// Where what is declared at a place is used.
fn uses(view: &View, at: Option<lsp::Position>) -> Result<Value, Fault> {
    let Some(here) = view.here() else { return Ok(json!([])) };
    let offset = here.offset(convert::position(at.unwrap_or_default()), view.encoding);
    let found: Vec<_> = match calls::node_at(here.program, here.view, offset) {
        Some(node) => {
            let callers = calls::incoming(here.program, &node.name).into_iter();
            callers.flat_map(|calls| calls.places.into_iter().map(move |at| (calls.node.file, at))).collect()
        }
        None => {
            use idpc_ide::navigate::{Declared, references};
            references(here.program, here.view, offset, Declared::Excluded)
        }
    };
    let each = found.into_iter().filter_map(|(file, at)| {
        let uri = convert::uri(&view.file(here.part, file)?)?;
        Some(lsp::Location { uri, range: super::places::range(view, here.part, file, at)? })
    });
    serde_json::to_value(each.collect::<Vec<_>>()).map_err(|error| Fault::Bug(error.to_string()))
}
