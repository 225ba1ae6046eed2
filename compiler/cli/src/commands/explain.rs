//! `idpc explain`: the page about a code, from the pages that are part of the program.

use include_dir::{Dir, include_dir};

use crate::args::Explain;
use crate::console::Console;
use crate::outcome::{Failure, Outcome};

static PAGES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../docs/errors");

/// How every code begins.
const PREFIX: &str = "IDP";

/// Prints one page, or the title of each.
pub fn run(args: &Explain, console: Console) -> Result<Outcome, Failure> {
    let pages = pages();
    let Some(given) = &args.code else {
        let titles: Vec<String> = pages.iter().map(|(code, text)| format!("{code}  {}\n", title(code, text))).collect();
        return console.print(&titles.concat()).map(|()| Outcome::Clean);
    };
    let code = normal(given);
    match pages.iter().find(|(known, _)| *known == code) {
        Some((_, text)) => console.print(text).map(|()| Outcome::Clean),
        None => {
            let known: Vec<&str> = pages.iter().map(|(code, _)| *code).collect();
            let near = idpc_model::suggest::nearest(&code, known.iter().copied());
            let help = near.map_or_else(
                || String::from("`idpc explain` lists all codes"),
                |near| format!("did you mean `{near}`? `idpc explain` lists all codes"),
            );
            Err(Failure::advice(format!("there is no code `{given}`"), help))
        }
    }
}

/// Every page by its code, sorted.
fn pages() -> Vec<(&'static str, &'static str)> {
    let mut pages: Vec<(&str, &str)> = PAGES
        .files()
        .filter_map(|file| Some((file.path().to_str()?.strip_suffix(".md")?, file.contents_utf8()?)))
        .filter(|(code, _)| code.starts_with(PREFIX))
        .collect();
    pages.sort_unstable();
    pages
}

/// The heading of a page without the code.
fn title<'t>(code: &str, text: &'t str) -> &'t str {
    let line = text.lines().next().unwrap_or_default().trim_start_matches(['#', ' ']);
    line.strip_prefix(code).unwrap_or(line).trim_start_matches([':', ' ', '-', '—'])
}

/// `idp301` and `301` mean `IDP0301`.
fn normal(given: &str) -> String {
    let upper = given.trim().to_ascii_uppercase();
    let digits = upper.strip_prefix(PREFIX).unwrap_or(&upper);
    let is_number = !digits.is_empty() && digits.len() <= 4 && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { format!("{PREFIX}{digits:0>4}") } else { upper }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_as_people_write_them() {
        for given in ["IDP0301", "idp0301", "301", "0301", " IDP301 "] {
            assert_eq!(normal(given), "IDP0301", "{given:?}");
        }
        assert_eq!(normal("E0301"), "E0301");
        assert_eq!(normal(""), "");
    }

    #[test]
    fn titles_lose_their_code() {
        assert_eq!(title("IDP0301", "# IDP0301: a field that nobody has\n\ntext"), "a field that nobody has");
        assert_eq!(title("IDP0301", "# A field that nobody has"), "A field that nobody has");
    }

    #[test]
    fn pages_are_sorted_and_only_pages() {
        let pages = pages();
        assert!(pages.is_sorted());
        assert!(pages.iter().all(|(code, text)| code.len() == 7 && text.starts_with("# ")), "{pages:?}");
    }
}
