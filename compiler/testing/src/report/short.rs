//! One line a failure: `page:line: heading: what is wrong`.

use crate::suite::Results;

pub(super) fn report(results: &Results) -> String {
    let mut text = String::new();
    for test in results.failed() {
        for failure in &test.failures {
            text += &format!("{}:{}: {}: {}\n", test.page, failure.line, test.heading, failure.title);
        }
    }
    text
}
