//! One JSON object a test, one a line.

use serde_json::json;

use crate::suite::Results;

pub(super) fn report(results: &Results) -> String {
    let mut text = String::new();
    for test in &results.tests {
        let failures: Vec<_> = test
            .failures
            .iter()
            .map(|failure| json!({ "line": failure.line, "message": failure.title, "details": failure.details }))
            .collect();
        let object = json!({
            "page": test.page,
            "line": test.line,
            "test": test.heading,
            "passed": failures.is_empty(),
            "failures": failures,
        });
        text += &format!("{object}\n");
    }
    text
}
