//! `// error: [CODE] "text"` at the end of a line: a finding that has to begin there.

use crate::finding::Finding;
use crate::program::{Program, ProgramFile};

/// The severities that a comment can ask for.
const SEVERITIES: [&str; 2] = ["error", "warning"];

/// A finding that a comment asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assertion {
    path: String,
    line: usize,
    severity: &'static str,
    code: String,
    text: Option<String>,
}

/// A comment that looks like an assertion and is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// Its file.
    pub path: String,
    /// Its line there.
    pub line: usize,
    /// What is wrong.
    pub reason: &'static str,
}

/// Every assertion in the comments of a program.
///
/// # Errors
/// The first comment that cannot be read as one.
pub fn assertions(program: &Program) -> Result<Vec<Assertion>, Malformed> {
    let mut found = Vec::new();
    for file in program.files() {
        in_file(file, &mut found)?;
    }
    Ok(found)
}

fn in_file(file: &ProgramFile, found: &mut Vec<Assertion>) -> Result<(), Malformed> {
    let mut above = 0;
    for (number, line) in file.text.lines().enumerate() {
        // `// ^ error: …` on a line of its own speaks of the line above, where no comment can stand.
        if !line.trim_start().starts_with("// ^ ") {
            above = number + 1;
        }
        for comment in line.split("//").skip(1) {
            let comment = comment.trim_start().trim_start_matches("^ ");
            for severity in SEVERITIES {
                let Some(rest) = comment.strip_prefix(severity).and_then(|rest| rest.strip_prefix(": ")) else {
                    continue;
                };
                let (code, text) = code_and_text(rest).map_err(|reason| Malformed {
                    path: file.path.clone(),
                    line: number + 1,
                    reason,
                })?;
                found.push(Assertion { path: file.path.clone(), line: above, severity, code, text });
            }
        }
    }
    Ok(())
}

/// `[IDP0301] "some text"`.
fn code_and_text(rest: &str) -> Result<(String, Option<String>), &'static str> {
    let rest = rest.strip_prefix('[').ok_or("an assertion names its code: `// error: [IDP0301]`")?;
    let (code, rest) = rest.split_once(']').ok_or("the code of an assertion ends with `]`")?;
    match rest.trim() {
        "" => Ok((code.to_owned(), None)),
        quoted => {
            let text = quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
            let text = text.ok_or("the text of an assertion stands in quotes")?;
            Ok((code.to_owned(), Some(text.to_owned())))
        }
    }
}

impl Assertion {
    fn met_by(&self, finding: &Finding) -> bool {
        self.path == finding.path
            && self.line == finding.line
            && self.severity == finding.severity
            && self.code == finding.code
            && self.text.as_ref().is_none_or(|text| finding.message.contains(text.as_str()))
    }

    fn shown(&self) -> String {
        let text = self.text.as_ref().map_or_else(String::new, |text| format!(" {text:?}"));
        format!("{}:{}: {}[{}]{text}", self.path, self.line, self.severity, self.code)
    }
}

/// What differs between assertions and findings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unmet<'f> {
    /// What was expected and not found: the file, its line, and the assertion in words.
    pub missing: Vec<(String, usize, String)>,
    /// What was found and not expected.
    pub unexpected: Vec<&'f Finding>,
}

/// Compares; each finding meets one assertion at most.
#[must_use]
pub fn difference<'f>(assertions: &[Assertion], findings: &'f [Finding]) -> Unmet<'f> {
    let mut left: Vec<&Finding> = findings.iter().collect();
    let mut missing = Vec::new();
    for assertion in assertions {
        match left.iter().position(|finding| assertion.met_by(finding)) {
            Some(at) => {
                left.remove(at);
            }
            None => missing.push((assertion.path.clone(), assertion.line, assertion.shown())),
        }
    }
    Unmet { missing, unexpected: left }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<Assertion>, Malformed> {
        let mut found = Vec::new();
        let file = ProgramFile { path: String::from("a.idp"), text: text.to_owned(), line: 1 };
        in_file(&file, &mut found).map(|()| found)
    }

    #[test]
    fn a_comment_speaks_of_its_line_or_of_the_one_above() {
        let found = read("a\nb // error: [IDP0301] \"no\"\n// ^ warning: [IDP0402]\n").unwrap();
        let shown: Vec<String> = found.iter().map(Assertion::shown).collect();
        assert_eq!(shown, ["a.idp:2: error[IDP0301] \"no\"", "a.idp:2: warning[IDP0402]"]);
    }

    #[test]
    fn what_looks_like_an_assertion_has_to_be_one() {
        for (text, reason) in [
            ("x // error: it fails", "names its code"),
            ("x // error: [IDP0301", "ends with `]`"),
            ("x // warning: [IDP0301] no", "in quotes"),
        ] {
            assert!(read(text).unwrap_err().reason.contains(reason), "{text}");
        }
        assert_eq!(read("x // errors: are fine\n// see http://localhost").unwrap(), []);
    }

    #[test]
    fn a_finding_meets_one_assertion() {
        let finding = Finding {
            path: String::from("a.idp"),
            line: 1,
            severity: "error",
            code: String::from("IDP0301"),
            message: String::from("no such thing"),
            short: String::new(),
            more: Vec::new(),
        };
        let wanted = read("x // error: [IDP0301] // error: [IDP0301]").unwrap();
        assert_eq!(wanted.len(), 2);
        let findings = [finding];
        let unmet = difference(&wanted, &findings);
        assert_eq!((unmet.missing.len(), unmet.unexpected.len()), (1, 0));
        assert_eq!(difference(&[], &findings).unexpected.len(), 1);
    }
}
