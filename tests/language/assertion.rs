//! `// error: [CODE] "text"` at the end of a line: a finding that has to begin there.

use crate::program::{Finding, Program};

/// A finding that a comment asks for.
#[derive(Clone, Debug)]
pub struct Assertion {
    path: String,
    line: usize,
    severity: &'static str,
    code: String,
    text: Option<String>,
}

/// Every assertion in the comments of a program.
pub fn assertions(program: &Program) -> Vec<Assertion> {
    program.files().iter().flat_map(|(path, text)| in_file(path, text)).collect()
}

fn in_file(path: &str, text: &str) -> Vec<Assertion> {
    let mut found = Vec::new();
    let mut above = 0;
    for (number, line) in text.lines().enumerate() {
        // `// ^ error: …` on a line of its own speaks of the line above, where no comment can stand.
        let upwards = line.trim_start().starts_with("// ^ ");
        if !upwards {
            above = number + 1;
        }
        for comment in line.split("//").skip(1) {
            let comment = comment.trim_start().trim_start_matches("^ ");
            for severity in ["error", "warning"] {
                let Some(rest) = comment.strip_prefix(severity).and_then(|rest| rest.strip_prefix(": [")) else {
                    continue;
                };
                let (code, rest) = rest.split_once(']').unwrap_or_else(|| panic!("{path}:{}: no `]`", number + 1));
                let text = rest.trim().strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).map(str::to_owned);
                assert!(text.is_some() || rest.trim().is_empty(), "{path}:{}: `{rest}` is no quoted text", number + 1);
                found.push(Assertion { path: path.to_owned(), line: above, severity, code: code.to_owned(), text });
            }
        }
    }
    found
}

impl Assertion {
    fn met_by(&self, finding: &Finding) -> bool {
        self.path == finding.path
            && self.line == finding.line
            && self.severity == finding.severity
            && self.code == finding.code
            && self.text.as_ref().is_none_or(|text| finding.message.contains(text.as_str()))
    }
}

/// What differs between the assertions and the findings, one line each; empty if nothing does.
pub fn difference(assertions: &[Assertion], findings: &[Finding]) -> Vec<String> {
    let mut left: Vec<&Finding> = findings.iter().collect();
    let mut lines = Vec::new();
    for assertion in assertions {
        match left.iter().position(|finding| assertion.met_by(finding)) {
            Some(at) => {
                left.remove(at);
            }
            None => {
                let text = assertion.text.as_ref().map_or_else(String::new, |text| format!(" {text:?}"));
                lines.push(format!(
                    "- {}:{}: {}[{}]{text}",
                    assertion.path, assertion.line, assertion.severity, assertion.code
                ));
            }
        }
    }
    lines.extend(left.iter().map(|finding| format!("+ {}", finding.short)));
    lines
}
