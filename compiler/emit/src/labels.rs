//! Labels and annotations that services ask for, held against the rules of Kubernetes before an API server does it.
//!
//! A label that idpc sets itself cannot be set again: selectors, alerts and the catalog rely on it.

use idpc_model::code::Code;
use idpc_model::diagnostic::Diagnostic;
use idpc_model::model::Model;
use idpc_model::value::Field;

/// The most characters of a name or a value.
const LONGEST: usize = 63;
/// The most characters of a prefix.
const LONGEST_PREFIX: usize = 253;
/// What names and values are made of, as it is told to users.
const RULE: &str = "letters, digits, `-`, `_` and `.`, at most 63, with a letter or digit at both ends";
/// Labels of every object, besides those below the prefix of idpc.
const OWN: &[&str] = &["name", "part-of", "component", "managed-by"];
/// The prefix of labels that only idpc sets.
const PREFIX: &str = "idpc.dev";

/// The labels and annotations of all services, each mistake once.
pub(crate) fn findings(model: &Model) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = Vec::new();
    for environment in &model.environments {
        for record in environment.services.values() {
            let labels = record.value("labels").entries().iter().filter_map(|(key, field)| label(key, field));
            let annotations = record.value("annotations").entries().iter();
            let annotations = annotations.filter_map(|(key, field)| named("annotation", key, field));
            for mut finding in labels.chain(annotations) {
                let known =
                    found.iter_mut().find(|known| known.primary == finding.primary && known.message == finding.message);
                match known {
                    Some(known) => known.environments.push(environment.name.to_string()),
                    None => {
                        finding.environments = vec![environment.name.to_string()];
                        found.push(finding);
                    }
                }
            }
        }
    }
    for finding in &mut found {
        // What holds everywhere is no matter of environments.
        if finding.environments.len() == model.environments.len() {
            finding.environments.clear();
        }
    }
    found
}

fn label(key: &str, field: &Field) -> Option<Diagnostic> {
    let own = key
        .split_once('/')
        .is_some_and(|(prefix, name)| prefix == PREFIX || (prefix == "app.kubernetes.io" && OWN.contains(&name)));
    if own {
        let finding = finding(field, format!("the label `{key}` is not yours to set"));
        return Some(finding.primary_label("every object has it already").help("take a prefix of your own"));
    }
    if let Some(finding) = named("label", key, field) {
        return Some(finding);
    }
    let value = field.value.as_str()?;
    if value.is_empty() || is_name(value) {
        return None;
    }
    let finding = finding(field, format!("Kubernetes takes no label with the value `{value}`"))
        .primary_label(format!("a value has {RULE}"));
    Some(with_suggestion(finding, value, "text that is meant for people belongs into `annotations`"))
}

/// What is wrong with the key of a label or an annotation.
fn named(what: &str, key: &str, field: &Field) -> Option<Diagnostic> {
    let (prefix, name) = match key.split_once('/') {
        Some((prefix, name)) => (Some(prefix), name),
        None => (None, key),
    };
    if prefix.is_some_and(|prefix| !is_domain(prefix)) {
        let finding = finding(field, format!("Kubernetes takes no {what} with the prefix of `{key}`"));
        return Some(finding.primary_label("what stands before the slash is a domain, such as `acme.dev`"));
    }
    if is_name(name) {
        return None;
    }
    let finding = finding(field, format!("Kubernetes takes no {what} with the name `{name}`"))
        .primary_label(format!("a name has {RULE}"));
    Some(with_suggestion(finding, name, "a domain may stand before it, with one slash between: `acme.dev/name`"))
}

fn finding(field: &Field, message: String) -> Diagnostic {
    Diagnostic::new(Code::BadLabel, field.origin.span, message)
}

/// The nearest text that Kubernetes takes, where there is one.
fn with_suggestion(finding: Diagnostic, text: &str, otherwise: &str) -> Diagnostic {
    let replaced: String = text.chars().map(|letter| if is_inner(letter) { letter } else { '-' }).collect();
    let cut: String = replaced.chars().take(LONGEST).collect();
    let near = cut.trim_matches(|letter: char| !letter.is_ascii_alphanumeric());
    if is_name(near) { finding.help(format!("write `{near}`; {otherwise}")) } else { finding.help(otherwise) }
}

fn is_inner(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.')
}

fn is_name(text: &str) -> bool {
    let ends = [text.chars().next(), text.chars().next_back()];
    text.len() <= LONGEST
        && ends.iter().all(|end| end.is_some_and(|letter| letter.is_ascii_alphanumeric()))
        && text.chars().all(is_inner)
}

fn is_domain(text: &str) -> bool {
    text.len() <= LONGEST_PREFIX
        && text.split('.').all(|part| {
            let letter = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit();
            part.starts_with(letter) && part.ends_with(letter) && part.chars().all(|each| letter(each) || each == '-')
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_rules_of_kubernetes() {
        for good in ["a", "A.b_c-9", &"x".repeat(63)] {
            assert!(is_name(good), "{good}");
        }
        for bad in ["", "-a", "a.", "a b", "ü", &"x".repeat(64)] {
            assert!(!is_name(bad), "{bad}");
        }
    }

    #[test]
    fn prefixes_are_domains() {
        assert!(is_domain("acme.dev") && is_domain("a-1"));
        for bad in ["", "Acme.dev", "a..b", "-a", "a_b", &"a.".repeat(127)] {
            assert!(!is_domain(bad), "{bad}");
        }
    }
}
