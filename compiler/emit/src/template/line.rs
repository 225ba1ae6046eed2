//! Follows the static text of a YAML file line by line, to know where a value or a key may stand.

/// The state of the current line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// The static text of the line so far; a key that is a value stands as [`KEY`].
    text: String,
    /// Whether a value has been written that the line must end after.
    closed: bool,
    /// The column of the key or dash whose static literal block we are in.
    block: Option<usize>,
}

/// Stands for a key that is only known when the template runs.
const KEY: char = '\u{1}';

/// Where a value stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// After `key: `; the key and its column.
    AfterKey(String, usize),
    /// After `- `; the column of the content.
    AfterDash(usize),
    /// At the start of a line, at this column.
    Start(usize),
}

impl Line {
    pub fn new() -> Self {
        Self { text: String::new(), closed: false, block: None }
    }

    /// Whether nothing stands on the line yet.
    pub fn is_fresh(&self) -> bool {
        self.text.is_empty() && !self.closed
    }

    /// Goes over static text.
    pub fn text(&mut self, text: &str) -> Result<(), String> {
        let mut result = Ok(());
        for (number, part) in text.split('\n').enumerate() {
            if number > 0 {
                self.end();
            }
            if self.closed && !part.trim().is_empty() {
                result = Err(format!("a value reaches to the end of its line, but `{}` follows", part.trim()));
            }
            self.text.push_str(part);
        }
        result
    }

    fn end(&mut self) {
        let line = self.text.trim_end();
        let indent = line.len() - line.trim_start().len();
        let inside = self.block.is_some_and(|parent| line.is_empty() || indent > parent);
        if !inside {
            self.block = (!self.closed).then(|| opened_block(line)).flatten();
        }
        self.text.clear();
        self.closed = false;
    }

    /// Where a value stands that is written here.
    pub fn place(&self) -> Result<Place, String> {
        let body = self.text.trim_start_matches(' ');
        let indent = self.text.len() - body.len();
        if self.closed {
            return Err("a value reaches to the end of its line: nothing can follow it there".into());
        }
        if self.block.is_some_and(|parent| indent > parent) {
            return Err("no value can stand inside a literal block: build the text with `{{#text}}…{{/text}}`".into());
        }
        if body.starts_with('#') {
            return Err("no value can stand in a comment".into());
        }
        if body.starts_with('\t') {
            return Err("YAML is indented with spaces, not tabs".into());
        }
        match after_dashes(&self.text) {
            (column, "") if column == indent => Ok(Place::Start(column)),
            (column, "") => Ok(Place::AfterDash(column)),
            (column, rest) => match key(rest) {
                Some(key) => Ok(Place::AfterKey(key.to_owned(), column)),
                None => Err(not_whole(rest)),
            },
        }
    }

    /// A value has been written.
    pub fn value(&mut self) {
        self.closed = true;
    }

    /// A key has been written.
    pub fn key(&mut self) {
        self.text.push(KEY);
    }

    /// Goes on after a block that ends on this line or on `other`.
    pub fn merge(&mut self, other: Self) -> Result<(), String> {
        if self.block.is_none() {
            self.block = other.block;
        }
        let whole = |line: &Self| line.closed || (!line.is_fresh() && line.place().is_err());
        if self.text == other.text && self.closed == other.closed {
            Ok(())
        } else if whole(self) && whole(&other) {
            self.closed = true;
            Ok(())
        } else {
            Err("each way through a block must write a whole value or whole lines; \
                 an `{{#if}}` inside a line needs an `{{else}}`"
                .into())
        }
    }
}

/// Goes past the dashes at the start of a line: the column of what follows, and that.
fn after_dashes(line: &str) -> (usize, &str) {
    let mut rest = line.trim_start_matches(' ');
    while let Some(after) = rest.strip_prefix("- ") {
        rest = after.trim_start_matches(' ');
    }
    (line.chars().count() - rest.chars().count(), rest)
}

/// The key, if `text` is a key with its colon and at least one space.
fn key(text: &str) -> Option<&str> {
    let key = text.trim_end_matches(' ').strip_suffix(':')?;
    let quoted =
        key.len() >= 2 && (key.starts_with('"') && key.ends_with('"') || key.starts_with('\'') && key.ends_with('\''));
    let plain = !key.is_empty()
        && !key.starts_with(['"', '\'', '[', '{', '&', '*', '!', '|', '>', '%', '@', '`'])
        && !key.contains(": ")
        && !key.contains(" #");
    (text.ends_with(' ') && (quoted || plain)).then_some(key)
}

fn not_whole(before: &str) -> String {
    let before = before.replace(KEY, "…");
    if before.trim_end().ends_with(':') {
        return format!("a space must stand between `{before}` and the value");
    }
    format!(
        "a value stands alone after `key: `, after `- ` or on a line, but `{before}` stands before it; \
         build a text with `{{{{#text}}}}…{{{{/text}}}}`"
    )
}

/// The column of the key or the content whose literal or folded block starts at the end of `line`.
fn opened_block(line: &str) -> Option<usize> {
    let (before, mark) = line.rsplit_once(' ').unwrap_or(("", line));
    let rest = mark.strip_prefix(['|', '>'])?;
    if !rest.chars().all(|c| matches!(c, '+' | '-' | '1'..='9')) {
        return None;
    }
    let (column, _) = after_dashes(before);
    Some(column)
}
