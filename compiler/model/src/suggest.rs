//! "Did you mean": the nearest known name.

/// The candidate nearest to `given`, if it is near enough to have been meant.
#[must_use]
pub fn nearest<'a>(given: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = given.chars().count();
    let limit = (length / 3).clamp(1, 4);
    let lower = given.to_lowercase();
    let letters = Letters::of(given);
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates.into_iter().filter(|candidate| *candidate != given) {
        // A name of which the given one is the beginning was probably meant, however much is missing.
        let completes = given.len() >= 4 && candidate.starts_with(given);
        let near = if completes { usize::MAX } else { limit };
        // Most candidates are farther away than one that was seen before: that is found out without the distance. Of two
        // that are equally near the first by name is taken.
        let bound = match best {
            None => near,
            Some((distance, other)) if candidate < other => distance.min(near),
            Some((0, _)) => continue,
            Some((distance, _)) => near.min(distance - 1),
        };
        if candidate.chars().count().abs_diff(length) > bound || letters.distance(&Letters::of(candidate)) > bound {
            continue;
        }
        let distance = strsim::osa_distance(&lower, &candidate.to_lowercase());
        if distance <= bound {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// How often each letter occurs, small or capital, in whatever order; some letters share a count.
struct Letters([u8; 32]);

impl Letters {
    fn of(text: &str) -> Self {
        let mut counts = [0_u8; 32];
        let mut count = |letter: u32| {
            if let Some(count) = usize::try_from(letter % 32).ok().and_then(|at| counts.get_mut(at)) {
                *count = count.saturating_add(1);
            }
        };
        if text.is_ascii() {
            text.bytes().for_each(|letter| count(letter.to_ascii_lowercase().into()));
        } else {
            text.chars().flat_map(char::to_lowercase).for_each(|letter| count(letter.into()));
        }
        Self(counts)
    }

    /// How many edits it takes at least from one text to the other: an edit adds a letter, takes one away, or both.
    fn distance(&self, other: &Self) -> usize {
        let missing = self.0.iter().zip(&other.0).map(|(a, b)| usize::from(a.saturating_sub(*b))).sum::<usize>();
        let extra = other.0.iter().zip(&self.0).map(|(a, b)| usize::from(a.saturating_sub(*b))).sum::<usize>();
        missing.max(extra)
    }
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
    fn what_is_skipped_could_not_have_been_nearer() {
        let names =
            ["checkout", "Checkout", "chekout", "checkout-api", "kcehctuo", "check", "out", "größe", "grösse", ""];
        for given in names.iter().chain(&["chcekout", "CHECKOUT", "chec", "grose", "x", "aaaaaaaaaaaa"]) {
            let limit = (given.chars().count() / 3).clamp(1, 4);
            let lower = given.to_lowercase();
            let slow = names
                .iter()
                .filter(|name| *name != given)
                .map(|name| (strsim::osa_distance(&lower, &name.to_lowercase()), *name))
                .filter(|(distance, name)| *distance <= limit || (given.len() >= 4 && name.starts_with(given)))
                .min();
            assert_eq!(nearest(given, names), slow.map(|(_, name)| name), "{given}");
        }
    }

    #[test]
    fn lists_read_as_a_sentence() {
        let names = ["a".to_owned(), "b".to_owned(), "c".to_owned()];
        assert_eq!(one_of(&names), "`a`, `b` or `c`");
    }
}
