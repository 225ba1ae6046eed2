//! Committed claims that the API of a new build would refuse: a field that they use is gone or narrower, or their kind is.
//!
//! A claim counts only for what it was right about before, so what no schema knows, such as Crossplane's own fields, is
//! never held against it.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::accept::{Problem, problems, shown};
use crate::definition::Definition;
use crate::expansion::{Source, subject};

/// The longest value that is quoted.
const LONGEST: usize = 60;

/// What a new API takes away from committed claims.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The kind of the claims: `Bucket`.
    pub kind: String,
    /// The field, from the top of the claim; empty when the kind itself is gone.
    pub field: Vec<String>,
    /// What the new API asks for, as the end of "the field …": `is gone`, `must lie in 1..30`.
    pub rule: String,
    /// The claims that use it, in the order of the files.
    pub claims: Vec<User>,
}

/// A claim that uses what is taken away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The file, below the output folder.
    pub path: String,
    /// The claim: `Bucket checkout/checkout-receipts`.
    pub claim: String,
    /// Its name alone.
    pub name: String,
    /// Its namespace.
    pub namespace: String,
    /// The API group of its kind.
    pub group: String,
    /// The value that it has there, if it has one.
    pub value: Option<String>,
}

/// What a new API would refuse of committed claims. All files belong to one environment: those that defined the API before,
/// those that define it now, and those with the claims.
#[must_use]
pub fn refused(before: &[Source<'_>], after: &[Source<'_>], committed: &[Source<'_>]) -> Vec<Refusal> {
    let (before, after) = (documents(before), documents(after));
    let now = definitions(&after);
    let changed: Vec<(Definition<'_>, Option<&Definition<'_>>)> = definitions(&before)
        .into_iter()
        .map(|old| (now.iter().find(|new| new.is_of(&old)), old))
        // Another form of the API has other rules, and a gate of its own.
        .filter(|(new, old)| new.is_none_or(|new| new.is_claimed == old.is_claimed && new.schema != old.schema))
        .map(|(new, old)| (old, new))
        .collect();
    let mut found: BTreeMap<(String, Vec<String>, String), Vec<User>> = BTreeMap::new();
    for file in committed.iter().filter(|_| !changed.is_empty()) {
        for text in file.text.split("\n---\n") {
            let mentions = |kind: &str| text.lines().any(|line| line.strip_prefix("kind: ") == Some(kind));
            if !changed.iter().any(|(old, _)| mentions(old.kind)) {
                continue;
            }
            let Ok(claim) = serde_saphyr::from_str::<Value>(text) else { continue };
            let Some((old, new)) = changed.iter().find(|(old, _)| old.defines(&claim)) else { continue };
            for problem in broken(&claim, old, *new) {
                let user = user(file.path, &claim, old, &problem);
                found.entry((old.kind.to_owned(), problem.field, problem.rule)).or_default().push(user);
            }
        }
    }
    let refusals = found.into_iter();
    refusals.map(|((kind, field, rule), claims)| Refusal { kind, field, rule, claims }).collect()
}

fn documents(files: &[Source<'_>]) -> Vec<Value> {
    let texts = files.iter().flat_map(|file| file.text.split("\n---\n"));
    texts.filter_map(|text| serde_saphyr::from_str(text).ok()).collect()
}

fn definitions(documents: &[Value]) -> Vec<Definition<'_>> {
    documents.iter().filter_map(Definition::read).collect()
}

/// What the new definition holds against a claim and the old one did not.
fn broken(claim: &Value, old: &Definition<'_>, new: Option<&Definition<'_>>) -> Vec<Problem> {
    let Some(new) = new else {
        return vec![Problem { field: Vec::new(), rule: "is gone".to_owned(), value: None }];
    };
    // Compared by place alone: whoever broke a rule before and breaks another one now has lost nothing.
    let known = problems(claim, old.schema);
    let mut found = problems(claim, new.schema);
    found.retain(|one| known.iter().all(|other| (&other.field, &other.value) != (&one.field, &one.value)));
    found
}

fn user(path: &str, claim: &Value, kind: &Definition<'_>, problem: &Problem) -> User {
    let value = problem.value.as_ref().map(|value| {
        let whole = shown(value);
        let short: String = whole.chars().take(LONGEST).collect();
        if short.len() == whole.len() { whole } else { format!("{short}…") }
    });
    User {
        path: path.to_owned(),
        claim: subject(claim),
        name: crate::definition::name(claim).to_owned(),
        namespace: crate::definition::namespace(claim).unwrap_or_default().to_owned(),
        group: kind.group.to_owned(),
        value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn api(form: &str, fields: &str) -> String {
        let names = match form {
            "claims" => "  names:\n    kind: XBucket\n  claimNames:\n    kind: Bucket\n",
            _ => "  names:\n    kind: Bucket\n",
        };
        format!(
            "kind: CompositeResourceDefinition\nspec:\n  group: acme.dev\n{names}  versions:\n    - schema:\n        \
             openAPIV3Schema:\n          properties:\n            spec:\n              properties: {fields}\n"
        )
    }

    /// What is said of a claim with `days: 90` after a change of the API.
    fn said(before: &str, after: &str) -> Vec<String> {
        let claim = "apiVersion: acme.dev/v1\nkind: Bucket\nmetadata:\n  name: receipts\n  namespace: checkout\nspec:\n  \
                     days: 90\n  compositionRef:\n    name: buckets\n";
        let source = |path, text| Source { path, text, is_wanted: true };
        let found = refused(
            &[source("platform/dev/crossplane/bucket.yaml", before)],
            &[source("platform/dev/crossplane/bucket.yaml", after)],
            &[source("envs/dev/checkout/infra/claims.yaml", claim)],
        );
        let lines = found.iter().map(|one| {
            let users: Vec<String> = one.claims.iter().map(|user| format!("{}={:?}", user.claim, user.value)).collect();
            format!("{} {} {}: {}", one.kind, one.field.join("."), one.rule, users.join(" "))
        });
        lines.collect()
    }

    const WIDE: &str = "{days: {type: integer, maximum: 90}}";

    #[test]
    fn what_is_narrower_or_gone_lists_the_claims_in_both_forms() {
        for form in ["claims", "composites"] {
            let said = |after| said(&api(form, WIDE), &api(form, after));
            let used = "Bucket checkout/receipts=Some(\"90\")";
            assert_eq!(
                said("{days: {type: integer, maximum: 30}}"),
                [format!("Bucket spec.days must lie in ..30: {used}")]
            );
            assert_eq!(said("{other: {type: integer}}"), [format!("Bucket spec.days is gone: {used}")]);
            assert_eq!(said("{days: {type: string}}"), [format!("Bucket spec.days must be of type string: {used}")]);
            for wider in ["{days: {type: integer}}", "{days: {type: integer, maximum: 365}, new: {type: string}}", WIDE]
            {
                assert_eq!(said(wider), Vec::<String>::new(), "{wider}");
            }
        }
    }

    #[test]
    fn what_no_claim_uses_may_go() {
        let before = api("claims", "{days: {type: integer}, idle: {type: string, enum: [a, b]}}");
        assert_eq!(said(&before, &api("claims", WIDE)), Vec::<String>::new());
    }

    #[test]
    fn a_kind_that_is_gone_lists_its_claims_and_another_form_is_not_judged() {
        let before = api("claims", WIDE);
        assert_eq!(said(&before, "kind: Other\n"), ["Bucket  is gone: Bucket checkout/receipts=None"]);
        assert_eq!(said(&before, &api("composites", "{}")), Vec::<String>::new());
    }

    #[test]
    fn what_was_wrong_before_is_no_loss() {
        let narrow = |most: u32| api("claims", &format!("{{days: {{type: integer, maximum: {most}}}}}"));
        assert_eq!(said(&narrow(60), &narrow(30)), Vec::<String>::new());
    }
}
