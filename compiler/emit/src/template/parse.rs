//! Reads a template: its tags through the handlebars parser, its text through [`super::lex`].
//!
//! The parser sees each stretch of text as a short mark, so that its own rules for white space never apply. This is the
//! only module that names handlebars.

use handlebars::Template;
use handlebars::template::{BlockParam, DecoratorTemplate, HelperTemplate, Parameter, TemplateElement};

use super::ast::{Build, Cond, Each, Folder, If, Item, Names, Partial, Sink, Text, With};
use super::error::{Pos, TemplateError, nearest};
use super::expression;
use super::lex::{Piece, Pieces, Tag, split};

/// The marks around the number of a piece in the text that the parser sees.
const TEXT: char = '\u{1}';
const TAG: char = '\u{2}';
const END: char = '\u{3}';

/// The blocks of the language.
const BLOCKS: [&str; 10] =
    ["if", "unless", "each", "with", "text", "promql", "gotemplate", "json", "shell", "markdown"];

/// Reads `source`, the text of `file`.
pub(crate) fn parse(file: &str, source: &str) -> Result<Vec<Item>, Vec<TemplateError>> {
    let source = source.replace("\r\n", "\n");
    let Pieces { pieces, errors } = split(file, &source);
    if !errors.is_empty() {
        return Err(errors);
    }
    let marked = Marked::new(&pieces);
    let template = match Template::compile(&marked.source) {
        Ok(template) => template,
        Err(error) => return Err(vec![marked.locate(file, &pieces, &error)]),
    };
    let mut reader = Reader { file, pieces: &pieces, errors: Vec::new() };
    let (items, _) = reader.items(&template, 0);
    if reader.errors.is_empty() { Ok(items) } else { Err(reader.errors) }
}

/// Reads a condition such as `objectives` or `(eq a b)`, as it stands in an `{{#if}}`.
pub(crate) fn parse_condition(file: &str, source: &str) -> Result<Cond, Vec<TemplateError>> {
    let items = parse(file, &format!("{{{{#if {source}}}}}{{{{/if}}}}"))?;
    match items.into_iter().next() {
        Some(Item::If(block)) => Ok(block.cond),
        _ => Err(vec![TemplateError::new(file, Pos::START, format!("`{source}` is not a condition"))]),
    }
}

/// The source that the parser sees, and where each tag of it came from.
struct Marked {
    source: String,
    /// The end of each tag in `source`, and its piece.
    tags: Vec<(usize, usize)>,
}

impl Marked {
    fn new(pieces: &[Piece]) -> Self {
        let mut source = String::new();
        let mut tags = Vec::new();
        for (index, piece) in pieces.iter().enumerate() {
            match piece {
                Piece::Text(_) => source.push_str(&format!("{TEXT}{index}{END}")),
                Piece::Tag(tag) => {
                    source.push_str(&format!("{TAG}{index}{END}{}", tag.raw));
                    tags.push((source.len(), index));
                }
            }
        }
        Self { source, tags }
    }

    fn locate(&self, file: &str, pieces: &[Piece], error: &handlebars::TemplateError) -> TemplateError {
        let (line, column) = error.pos().unwrap_or((1, 1));
        let before: usize = self.source.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
        let rest = self.source.get(before..).unwrap_or_default();
        let offset = before + rest.char_indices().nth(column.saturating_sub(1)).map_or(rest.len(), |(at, _)| at);
        let tag = self
            .tags
            .iter()
            .find(|(end, _)| offset < *end)
            .or(self.tags.last())
            .and_then(|(_, index)| pieces.get(*index));
        match tag {
            Some(Piece::Tag(tag)) => TemplateError::new(file, tag.pos, format!("`{}` is not correct syntax", tag.raw)),
            _ => TemplateError::new(file, Pos::START, "the template is not correct syntax"),
        }
    }
}

struct Reader<'a> {
    file: &'a str,
    pieces: &'a [Piece],
    errors: Vec<TemplateError>,
}

impl Reader<'_> {
    /// The parts of `template`, and the tag that ended it.
    ///
    /// `tag` is the tag to which an element belongs that no mark precedes.
    fn items(&mut self, template: &Template, mut tag: usize) -> (Vec<Item>, usize) {
        let mut items = Vec::new();
        for element in &template.elements {
            match element {
                TemplateElement::RawString(marks) => self.marks(marks, &mut items, &mut tag),
                TemplateElement::Comment(_) => {}
                TemplateElement::Expression(expression) => items.extend(self.value(expression, tag)),
                TemplateElement::HelperBlock(block) => items.extend(self.block(block, tag)),
                TemplateElement::PartialExpression(partial) => items.extend(self.partial(partial, tag)),
                _ => self.error(tag, "this kind of tag does not exist here", None),
            }
        }
        (items, tag)
    }

    fn marks(&mut self, marks: &str, items: &mut Vec<Item>, tag: &mut usize) {
        for mark in marks.split(END).filter(|mark| !mark.is_empty()) {
            let number = |prefix: char| mark.strip_prefix(prefix).and_then(|digits| digits.parse::<usize>().ok());
            if let Some(index) = number(TAG) {
                *tag = index;
            } else if let Some(Piece::Text(text)) = number(TEXT).and_then(|index| self.pieces.get(index))
                && !text.text.is_empty()
            {
                items.push(Item::Text(Text { text: text.text.clone(), pos: text.pos }));
            }
        }
    }

    fn tag(&self, tag: usize) -> Option<&Tag> {
        match self.pieces.get(tag) {
            Some(Piece::Tag(tag)) => Some(tag),
            _ => None,
        }
    }

    fn pos(&self, tag: usize) -> Pos {
        self.tag(tag).map_or(Pos::START, |tag| tag.pos)
    }

    fn error(&mut self, tag: usize, message: impl Into<String>, help: Option<String>) {
        let error = TemplateError::new(self.file, self.pos(tag), message);
        self.errors.push(TemplateError { help, ..error });
    }

    /// Keeps the value of `result` or its error.
    fn keep<T>(&mut self, tag: usize, result: Result<T, String>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(message) => {
                self.error(tag, message, None);
                None
            }
        }
    }

    fn value(&mut self, expression: &HelperTemplate, tag: usize) -> Option<Item> {
        let pos = self.pos(tag);
        if !expression.params.is_empty() || !expression.hash.is_empty() {
            let name = expression.name.as_name().unwrap_or_default().to_owned();
            self.error(
                tag,
                format!("there is no helper `{name}`"),
                Some("a tag holds one path; compute the value in the model, or choose with `{{#if}}`".into()),
            );
            return None;
        }
        let path = expression::path(&expression.name, pos);
        self.keep(tag, path).map(Item::Value)
    }

    fn block(&mut self, block: &HelperTemplate, tag: usize) -> Option<Item> {
        let name = block.name.as_name().unwrap_or_default().to_owned();
        let (body, end) = block.template.as_ref().map_or((Vec::new(), tag), |body| self.items(body, tag));
        let (otherwise, _) = block.inverse.as_ref().map_or((Vec::new(), end), |inverse| self.items(inverse, end));
        if !block.hash.is_empty() {
            self.error(tag, format!("`{{{{#{name}}}}}` takes no named values"), None);
        }
        if let Some(sink) = Sink::named(&name) {
            return self.build(block, sink, body, tag);
        }
        if !BLOCKS.contains(&name.as_str()) {
            self.error(tag, format!("there is no block `{name}`"), suggestion(&name));
            return None;
        }
        match block.params.as_slice() {
            [one] => self.control(block, &name, one, (body, otherwise), tag),
            params => {
                let count = params.len();
                let message = format!("`{{{{#{name}}}}}` takes one value, not {count}");
                self.error(tag, message, None);
                None
            }
        }
    }

    /// A block that chooses, repeats or binds, with its body and what it writes otherwise.
    fn control(
        &mut self,
        block: &HelperTemplate,
        name: &str,
        one: &Parameter,
        (body, otherwise): (Vec<Item>, Vec<Item>),
        tag: usize,
    ) -> Option<Item> {
        let pos = self.pos(tag);
        Some(match name {
            "each" => Item::Each(Each {
                over: self.keep(tag, expression::path(one, pos))?,
                names: names(block),
                body,
                otherwise,
                pos,
            }),
            "with" => Item::With(With {
                subject: self.keep(tag, expression::path(one, pos))?,
                name: names(block).item,
                body,
                otherwise,
                pos,
            }),
            _ => {
                let cond = self.keep_no_names(block, tag, expression::condition(one, pos))?;
                let cond = if name == "unless" { Cond::Not(Box::new(cond)) } else { cond };
                Item::If(If { cond, then: body, otherwise, pos })
            }
        })
    }

    fn keep_no_names<T>(&mut self, block: &HelperTemplate, tag: usize, result: Result<T, String>) -> Option<T> {
        if block.block_param.is_some() {
            self.error(tag, "only `{{#each}}` and `{{#with}}` bind names", None);
        }
        self.keep(tag, result)
    }

    fn build(&mut self, block: &HelperTemplate, sink: Sink, body: Vec<Item>, tag: usize) -> Option<Item> {
        if !block.params.is_empty() || block.block_param.is_some() || block.inverse.is_some() {
            self.error(tag, "a string block takes no values and has no `{{else}}`", None);
            return None;
        }
        let several_lines = self.tag(tag).is_some_and(|tag| tag.several_lines);
        Some(Item::Build(Build { sink, body, several_lines, pos: self.pos(tag) }))
    }

    fn partial(&mut self, partial: &DecoratorTemplate, tag: usize) -> Option<Item> {
        let pos = self.pos(tag);
        let name = partial.name.as_name().unwrap_or_default();
        let (folder, name) = match name.split_once('/') {
            Some(("kind", name)) => (Folder::Kind, name),
            Some(("path", name)) => (Folder::Path, name),
            Some(_) => {
                self.error(
                    tag,
                    format!("there is no partial folder for `{name}`"),
                    Some("write `{{> name}}`, `{{> kind/name need}}` or `{{> path/name}}`".into()),
                );
                return None;
            }
            None => (Folder::Shared, name),
        };
        let subject = match (folder, partial.params.as_slice()) {
            (_, []) => None,
            (Folder::Kind, [subject]) => Some(self.keep(tag, expression::path(subject, pos))?),
            _ => {
                self.error(tag, "a partial takes its values by name", Some("write `{{> name value=path}}`".into()));
                return None;
            }
        };
        let mut bindings = Vec::new();
        for (key, value) in sorted(partial) {
            bindings.push((key, self.keep(tag, expression::operand(value, pos))?));
        }
        let (indent, alone) = self.tag(tag).map_or((0, false), |tag| (tag.indent, tag.alone));
        Some(Item::Partial(Partial { folder, name: name.to_owned(), subject, bindings, indent, alone, pos }))
    }
}

/// The named values of a partial in the order of their names.
fn sorted(partial: &DecoratorTemplate) -> std::collections::BTreeMap<String, &Parameter> {
    partial.hash.keys().filter_map(|key| Some((key.clone(), partial.hash.get(key)?))).collect()
}

fn suggestion(name: &str) -> Option<String> {
    match nearest(name, BLOCKS) {
        Some(known) => Some(format!("did you mean `{{{{#{known}}}}}`?")),
        None => Some(format!("the blocks are {}", BLOCKS.join(", "))),
    }
}

fn names(block: &HelperTemplate) -> Names {
    let name = |parameter: &Parameter| parameter.as_name().map(str::to_owned);
    match &block.block_param {
        Some(BlockParam::Single(item)) => Names { item: name(item), key: None },
        Some(BlockParam::Pair((item, key))) => Names { item: name(item), key: name(key) },
        _ => Names::default(),
    }
}
