//! "Did you mean": the nearest known name.

/// The candidate nearest to `given`, if it is near enough to have been meant.
#[must_use]
pub fn nearest<'a>(given: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (given.chars().count() / 3).clamp(1, 4);
    let lower = given.to_lowercase();
    candidates
        .into_iter()
        .filter(|candidate| *candidate != given)
        .map(|candidate| (strsim::osa_distance(&lower, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= limit || (given.len() >= 4 && candidate.starts_with(given)))
        .min()
        .map(|(_, candidate)| candidate)
}

/// `a, b or c`, for messages.
#[must_use]
pub fn one_of(names: &[String]) -> String {
    match names {
        [] => String::from("nothing"),
        [only] => format!("`{only}`"),
        [first @ .., last] => {
            let shown: Vec<String> = first.iter().map(|name| format!("`{name}`")).collect();
            format!("{} or `{last}`", shown.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_found_and_far_ones_are_not() {
        assert_eq!(nearest("ower", ["owner", "port"]), Some("owner"));
        assert_eq!(nearest("prt", ["owner", "port"]), Some("port"));
        assert_eq!(nearest("zzz", ["owner", "port"]), None);
        assert_eq!(nearest("avail", ["availability"]), Some("availability"));
    }

    #[test]
    fn lists_read_as_a_sentence() {
        let names = ["a".to_owned(), "b".to_owned(), "c".to_owned()];
        assert_eq!(one_of(&names), "`a`, `b` or `c`");
    }
}
