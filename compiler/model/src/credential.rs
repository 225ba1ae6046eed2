//! Text in the published format of a credential. There is no guess by entropy.

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::span::Span;

/// The finding at a text that is a credential.
#[must_use]
pub fn finding(at: Span, what: &str) -> Diagnostic {
    Diagnostic::new(Code::Credential, at, format!("this is {what}"))
        .primary_label("everybody who can read this repository can use it")
        .help("revoke it; keep the new one in the secret store and name it: `secret { key = \"team/name\" }`")
}

/// What the text is, if it is a credential.
#[must_use]
pub fn recognize(text: &str) -> Option<&'static str> {
    if text.contains("-----BEGIN ") && text.contains("PRIVATE KEY-----") {
        return Some("a private key");
    }
    text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '-')).find_map(word)
}

fn word(word: &str) -> Option<&'static str> {
    let rest = |prefix: &str| word.strip_prefix(prefix);
    let upper = |text: &str, length: usize| {
        text.len() == length && text.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
    };
    let token = |text: &str, least: usize| {
        text.len() >= least && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
    };
    if rest("AKIA").or_else(|| rest("ASIA")).is_some_and(|tail| upper(tail, 16)) {
        return Some("an AWS access key");
    }
    if ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"].iter().any(|prefix| rest(prefix).is_some_and(|tail| token(tail, 36)))
        || rest("github_pat_").is_some_and(|tail| token(tail, 40))
    {
        return Some("a GitHub token");
    }
    if ["xoxb-", "xoxp-", "xoxa-", "xoxr-"].iter().any(|prefix| rest(prefix).is_some_and(|tail| token(tail, 10))) {
        return Some("a Slack token");
    }
    if rest("glpat-").is_some_and(|tail| token(tail, 20)) {
        return Some("a GitLab token");
    }
    if ["sk_live_", "rk_live_"].iter().any(|prefix| rest(prefix).is_some_and(|tail| token(tail, 20))) {
        return Some("a Stripe key");
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_formats_are_found_and_plain_text_is_not() {
        let key = format!("AKIA{}", "IOSFODNN7EXAMPLE");
        assert_eq!(recognize(&key), Some("an AWS access key"));
        let token = format!("token=ghp_{}", "a".repeat(36));
        assert_eq!(recognize(&token), Some("a GitHub token"));
        assert_eq!(recognize("AKIA is a prefix"), None);
        assert_eq!(recognize("payments/stripe"), None);
        assert_eq!(recognize("-----BEGIN RSA PRIVATE KEY-----\nx"), Some("a private key"));
    }
}
