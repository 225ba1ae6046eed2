//! The article before the name of a type: `a size`, `an int`.

use std::fmt::Display;

/// A type's name in quotes, with the article that it takes.
#[must_use]
pub fn a(name: impl Display) -> String {
    let name = name.to_string();
    let vowel = name.trim_start_matches(|first: char| !first.is_ascii_alphanumeric()).starts_with(['a', 'e', 'i', 'o']);
    format!("{} `{name}`", if vowel { "an" } else { "a" })
}

#[cfg(test)]
mod tests {
    use super::a;

    #[test]
    fn vowels_take_another_article() {
        assert_eq!((a("size"), a("int")), (String::from("a `size`"), String::from("an `int`")));
        assert_eq!(
            (a("&environment"), a("[string]")),
            (String::from("an `&environment`"), String::from("a `[string]`"))
        );
    }
}
