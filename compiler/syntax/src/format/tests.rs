//! What the formatter writes, and that its last check never has to step in.

use super::{same_meaning, settle};
use crate::parser::parse;

#[path = "../../tests/generate/mod.rs"]
mod generate;

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(200))]

    #[test]
    fn settling_a_program_never_changes_its_meaning(text in generate::program()) {
        let before = parse(&text);
        let settled = settle(&text, &before);
        proptest::prop_assert!(same_meaning(&before.syntax(), &parse(&settled).syntax()), "{}\n---\n{}", text, settled);
    }

    #[test]
    fn settling_a_soup_never_changes_its_meaning(text in generate::soup()) {
        let before = parse(&text);
        let settled = settle(&text, &before);
        proptest::prop_assert!(same_meaning(&before.syntax(), &parse(&settled).syntax()), "{}\n---\n{}", text, settled);
    }
}
