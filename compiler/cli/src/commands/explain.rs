//! `idpc explain`: the page about a code, or a list of all.

use crate::args::Explain;
use crate::console::{Console, Paint};
use crate::outcome::{Failure, Outcome};
use crate::pages::{PREFIX, Page, pages};

/// Prints one page, or the title of each.
pub fn run(args: &Explain, console: Console) -> Result<Outcome, Failure> {
    let pages = pages();
    let Some(given) = &args.code else {
        return console.print(&listed(&pages, console.paint)).map(|()| Outcome::Clean);
    };
    let code = normal(given);
    match pages.iter().find(|page| page.code == code) {
        Some(page) => {
            let text = match console.paint {
                Paint::Plain => page.text.to_owned(),
                Paint::Colored => colored(page.text),
            };
            console.print(&text).map(|()| Outcome::Clean)
        }
        None => {
            let near = idpc_model::suggest::nearest(&code, pages.iter().map(|page| page.code));
            let help = near.map_or_else(
                || String::from("`idpc explain` lists all codes"),
                |near| format!("did you mean `{near}`? `idpc explain` lists all codes"),
            );
            Err(Failure::advice(format!("there is no code `{given}`"), help))
        }
    }
}

/// The title of each page, below what it is about.
fn listed(pages: &[Page], paint: Paint) -> String {
    let groups: Vec<String> = pages
        .chunk_by(|a, b| a.group() == b.group())
        .map(|group| {
            let heading = bold(group.first().map_or("", |page| page.group()), paint);
            let titles: String = group.iter().map(|page| format!("  {}  {}\n", page.code, page.title())).collect();
            format!("{heading}\n{titles}")
        })
        .collect();
    groups.join("\n")
}

fn bold(text: &str, paint: Paint) -> String {
    match paint {
        Paint::Plain => text.to_owned(),
        Paint::Colored => format!("\u{1b}[1m{text}\u{1b}[0m"),
    }
}

/// Markdown for a terminal: headings stand out, and programs are set in instead of fenced.
fn colored(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut fence = 0;
    for line in text.lines() {
        let ticks = line.bytes().take_while(|byte| *byte == b'`').count();
        let heading = line.trim_start_matches('#');
        if ticks >= 3 && (fence == 0 || (ticks >= fence && line.trim_end().len() == ticks)) {
            // What stands behind the fence is for programs, unless it names a file.
            let file = line.split_whitespace().skip(1).find(|word| word.contains('.')).filter(|_| fence == 0);
            shown.extend(file.map(|file| format!("    \u{1b}[2m{file}\u{1b}[0m\n")));
            fence = if fence == 0 { ticks } else { 0 };
        } else if fence > 0 {
            let gap = if line.is_empty() { "" } else { "    " };
            shown.push_str(&format!("{gap}{line}\n"));
        } else if heading.len() < line.len() {
            shown.push_str(&bold(heading.trim_start(), Paint::Colored));
            shown.push('\n');
        } else {
            shown.push_str(&format!("{line}\n"));
        }
    }
    shown
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
    fn a_page_on_a_terminal_has_no_marks() {
        let text =
            "# IDP0301: a rule\n\nWhy `x`.\n\n## Fails\n\n```idp fails a.idp\nteam a {\n\n  x = \"#1\"\n}\n```\n";
        let expected = "\u{1b}[1mIDP0301: a rule\u{1b}[0m\n\nWhy `x`.\n\n\u{1b}[1mFails\u{1b}[0m\n\n    \
                        \u{1b}[2ma.idp\u{1b}[0m\n    team a {\n\n      x = \"#1\"\n    }\n";
        assert_eq!(colored(text), expected);
    }
}
