//! Names of a service's entries that become names elsewhere: environment variables, labels, objects in a cluster.

use super::arena::Arena;
use super::raw::Raw;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::schema::Schema;

/// The most characters of a need's name: it is joined with that of its service.
const NEED_LIMIT: usize = 40;

/// The most characters of the name of a label.
const LABEL_LIMIT: usize = 63;

/// What the entries of a map are called elsewhere.
struct Rule {
    what: &'static str,
    says: String,
    holds: fn(&str) -> bool,
    mend: fn(&str) -> String,
}

/// The rule for the entries of a field of a service.
fn rule(field: &str) -> Option<Rule> {
    match field {
        "config" => Some(Rule {
            what: "the name of an environment variable",
            says: String::from("letters, digits and `_`, no digit first"),
            holds: is_variable,
            mend: variable,
        }),
        "needs" => Some(Rule {
            what: "a name in a cluster",
            says: format!("lower-case letters, digits and `-`, at most {NEED_LIMIT}"),
            holds: is_object,
            mend: object,
        }),
        "labels" | "annotations" => Some(Rule {
            what: "the name of a label or annotation",
            says: format!("letters, digits, `-`, `_` and `.`, at most {LABEL_LIMIT}, after `acme.dev/` at will"),
            holds: is_label,
            mend: label,
        }),
        _ => None,
    }
}

impl<'a> Arena<'a> {
    /// Reports entries of a service whose names cannot be what they become.
    pub(super) fn keys(&mut self, schema: &Schema, field: &str, raw: &Raw<'a>) {
        let Some(rule) = rule(field).filter(|_| schema.is_a("service")) else { return };
        // An empty name was refused by the grammar.
        for (name, child) in raw.children.iter().filter(|(name, _)| !name.is_empty() && !(rule.holds)(name)) {
            let finding = Diagnostic::new(Code::InvalidName, child.name, format!("`{name}` cannot be {}", rule.what))
                .primary_label(rule.says.clone())
                .help("choose another name");
            let mended = (rule.mend)(name);
            let mended = Some(mended).filter(|mended| (rule.holds)(mended) && raw.below(mended).is_none());
            // A name that is no name of the language is written in quotes.
            let plain = mended.as_deref().filter(|mended| !mended.contains(['.', '/']));
            self.report(finding.did_you_mean(child.name, plain));
        }
    }
}

fn is_variable(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn variable(name: &str) -> String {
    let kept: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    if kept.starts_with(|c: char| c.is_ascii_digit()) { format!("_{kept}") } else { kept }
}

fn is_object(name: &str) -> bool {
    name.len() <= NEED_LIMIT
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && !name.ends_with('-')
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

fn object(name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    let kept: String =
        lower.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).take(NEED_LIMIT).collect();
    kept.trim_matches('-').to_owned()
}

fn is_label(name: &str) -> bool {
    let (prefix, name) = name.split_once('/').map_or((None, name), |(prefix, name)| (Some(prefix), name));
    let ends = |c: char| c.is_ascii_alphanumeric();
    let inside = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let part = !name.is_empty() && name.len() <= LABEL_LIMIT && name.starts_with(ends) && name.ends_with(ends);
    let domain = |prefix: &str| {
        let inside = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.');
        prefix.len() <= 253 && prefix.starts_with(ends) && prefix.ends_with(ends) && prefix.chars().all(inside)
    };
    part && name.chars().all(inside) && prefix.is_none_or(domain)
}

fn label(name: &str) -> String {
    let kept: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' }).take(LABEL_LIMIT).collect();
    kept.trim_matches(['-', '_']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_variables_labels_and_objects() {
        assert!(is_variable("A_1") && is_variable("_x") && !is_variable("1A") && !is_variable("A-B"));
        assert!(is_label("app") && is_label("prometheus.io/scrape") && !is_label("a b") && !is_label("/x"));
        assert!(is_object("order-db") && !is_object("order_db") && !is_object("DB"));
        assert_eq!(
            (variable("1-a"), object("Order_DB"), label("a b")),
            ("_1_a".into(), "order-db".into(), "a-b".into())
        );
    }
}
