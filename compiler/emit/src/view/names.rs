//! Names of objects and of things in the cloud: pure functions of identity, never of an owner.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

/// The most characters that Kubernetes takes for a name that is also a label.
pub const LABEL_LIMIT: usize = 63;

/// The most characters of an IAM role's name.
pub const ROLE_LIMIT: usize = 64;

/// Joins the parts with `-`; cut to the limit with a hash of the whole, so that two long names stay two.
#[must_use]
pub fn joined(parts: &[&str], limit: usize) -> String {
    let whole = parts.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join("-");
    if whole.len() <= limit {
        return whole;
    }
    let hash = short_hash(&whole);
    let room = limit.saturating_sub(hash.len() + 1);
    let kept: String = whole.chars().take(room).collect();
    format!("{}-{hash}", kept.trim_end_matches('-'))
}

/// Eight hexadecimal digits of a text's SHA-256.
#[must_use]
pub fn short_hash(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes())).chars().take(8).collect()
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// `order-paid` as `OrderPaid`.
#[must_use]
pub fn pascal(name: &str) -> String {
    words(name).map(capitalized).collect()
}

/// `backup_retention` as `backupRetention`.
#[must_use]
pub fn camel(name: &str) -> String {
    words(name).enumerate().map(|(at, word)| if at == 0 { word.to_owned() } else { capitalized(word) }).collect()
}

/// `orders` and `url` as `ORDERS_URL`.
#[must_use]
pub fn variable(need: &str, output: &str) -> String {
    format!("{need}_{output}").to_uppercase().replace(['-', '.'], "_")
}

/// The plural of a kind, as Kubernetes' own generators form it.
#[must_use]
pub fn plural(name: &str) -> String {
    let lower = words(name).collect::<String>().to_lowercase();
    if lower.ends_with('s') || lower.ends_with('x') || lower.ends_with("ch") || lower.ends_with("sh") {
        return format!("{lower}es");
    }
    match lower.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'i', 'o', 'u']) => format!("{stem}ies"),
        _ => format!("{lower}s"),
    }
}

fn words(name: &str) -> impl Iterator<Item = &str> {
    name.split(['-', '_', '.']).filter(|word| !word.is_empty())
}

fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_are_cut_and_stay_different() {
        let a = joined(&["acme", &"a".repeat(80), "prod"], 63);
        let b = joined(&["acme", &"a".repeat(80), "staging"], 63);
        assert_eq!(a.len(), 63);
        assert_ne!(a, b);
        assert_eq!(joined(&["", "checkout", "orders", "prod"], 63), "checkout-orders-prod");
    }

    #[test]
    fn cases_and_plurals() {
        assert_eq!(pascal("order-paid"), "OrderPaid");
        assert_eq!(camel("backup_retention"), "backupRetention");
        assert_eq!(variable("order-db", "url"), "ORDER_DB_URL");
        assert_eq!(plural("bucket"), "buckets");
        assert_eq!(plural("postgres"), "postgreses");
        assert_eq!(plural("redis"), "redises");
        assert_eq!(plural("policy"), "policies");
    }
}
