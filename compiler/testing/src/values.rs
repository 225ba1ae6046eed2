//! `prod checkout.replicas = 3..12`: values after evaluation.

use idpc_model::model::Model;
use idpc_model::value::Value;

/// Each line with the value that it has.
///
/// # Errors
/// A line that names no environment.
pub fn values(model: &Model, lines: &str) -> Result<String, String> {
    let mut text = String::new();
    for line in lines.lines().filter(|line| !line.trim().is_empty()) {
        let (place, _) = line.split_once(" = ").unwrap_or((line, ""));
        let (environment, path) = place
            .split_once(' ')
            .ok_or_else(|| format!("`{line}` begins with no environment: `prod checkout.replicas = 2..4`"))?;
        text += &format!("{environment} {path} = {}\n", value(model, environment, path));
    }
    Ok(text)
}

fn value(model: &Model, environment: &str, path: &str) -> String {
    let Some(environment) = model.environment(environment) else { return String::from("(no such environment)") };
    let mut steps = path.split('.');
    let name = steps.next().unwrap_or_default();
    let record = environment.services.get(name).or_else(|| environment.resources.get(name));
    let record = record.or_else(|| environment.world.instance("team", name));
    let Some(record) = record else { return String::from("(absent)") };
    let mut at = Value::Record(record.clone());
    for step in steps {
        let field = match &at {
            Value::Record(record) => record.field(step),
            other => other.entries().iter().find(|(key, _)| &**key == step).map(|(_, field)| field),
        };
        match field {
            Some(field) => at = field.value.clone(),
            None => return String::from("(absent)"),
        }
    }
    at.to_string()
}
