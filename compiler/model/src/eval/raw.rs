//! The entries of an instance, layer by layer, as one tree of settings.

use std::collections::BTreeMap;
use std::sync::Arc;

use idpc_syntax::ast::{Entry, EntryKind, Expr, ExprKind, Path, TextRange, TextSize};

use super::arena::NodeId;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Safety};
use crate::span::{FileId, Span};
use crate::value::Layer;

/// What the entries say about one place.
#[derive(Clone, Debug, Default)]
pub struct Raw<'a> {
    /// The strongest `path = expr`, unless entries below replaced its meaning.
    pub set: Option<Setting<'a>>,
    /// What the strongest setting overrode, the nearest first.
    pub overridden: Vec<(Layer, Span)>,
    /// The first place that opens it without `=`: `path { … }` or a bare `path`.
    pub opened: Option<(Layer, Span)>,
    /// The last character of the first record that is written here: its closing brace.
    pub brace: Option<Span>,
    /// Whether the setting took the place of something that was said before.
    pub replaced: bool,
    /// The places below, in source order.
    pub children: Vec<(Arc<str>, Child<'a>)>,
    /// Where each of them stands in the list.
    index: BTreeMap<Arc<str>, usize>,
}

/// A place below with its name's span.
#[derive(Clone, Debug)]
pub struct Child<'a> {
    /// Where the name was last written.
    pub name: Span,
    /// What is said about it.
    pub raw: Raw<'a>,
}

/// One `path = expr`.
#[derive(Clone, Debug)]
pub struct Setting<'a> {
    /// The value.
    pub expr: &'a Expr,
    /// The path that is set.
    pub path: Span,
    /// Who set it.
    pub by: Writer,
}

/// Who writes entries.
#[derive(Clone, Debug)]
pub struct Writer {
    /// The file that holds them.
    pub file: FileId,
    /// Their layer.
    pub layer: Layer,
    /// The record whose schema writes them, which their bare names see; `None` for an instance.
    pub scope: Option<NodeId>,
}

impl<'a> Raw<'a> {
    /// A place of which only this is said: what is set, and what that overrode.
    #[must_use]
    pub fn of(set: Option<Setting<'a>>, overridden: Vec<(Layer, Span)>) -> Self {
        Self { set, overridden, ..Self::default() }
    }

    /// Lays entries over what is there.
    pub fn apply(&mut self, by: &Writer, entries: &'a [Entry]) {
        for entry in entries {
            match &entry.kind {
                EntryKind::Set { path, value } => {
                    let at = Span::new(by.file, path.span);
                    self.descend(by.file, path).assign(by, at, value);
                }
                EntryKind::Amend { path, entries } => {
                    let at = Span::new(by.file, path.span);
                    let place = self.descend(by.file, path);
                    place.open(&by.layer, at);
                    place.close(Span::new(by.file, entry.span));
                    place.apply(by, entries);
                }
                EntryKind::Bare(path) => {
                    let at = Span::new(by.file, path.span);
                    self.descend(by.file, path).open(&by.layer, at);
                }
                EntryKind::In { .. } => {}
            }
        }
    }

    /// Remembers where a record ends, so that something can be added to it.
    pub fn close(&mut self, record: Span) {
        let end = record.range.end();
        let start = end.checked_sub(TextSize::of('}')).unwrap_or(end);
        self.brace.get_or_insert(Span::new(record.file, TextRange::new(start, end)));
    }

    fn open(&mut self, layer: &Layer, at: Span) {
        if self.opened.is_none() {
            self.opened = Some((layer.clone(), at));
        }
    }

    /// Sets this place anew: what was below it is gone.
    pub fn assign(&mut self, by: &Writer, path: Span, expr: &'a Expr) {
        self.replace(Setting { expr, path, by: by.clone() });
        if let ExprKind::Record { entries, .. } = &expr.kind {
            self.close(Span::new(by.file, expr.span));
            self.apply(by, entries);
        }
    }

    fn replace(&mut self, setting: Setting<'a>) {
        self.replaced = !self.is_empty();
        if let Some(old) = self.set.take() {
            self.overridden.insert(0, (old.by.layer, old.path));
        }
        self.children.clear();
        self.index.clear();
        self.opened = None;
        self.brace = None;
        self.set = Some(setting);
    }

    /// Lays what an instance says over the default that its schema writes here.
    pub fn lay(&mut self, over: &Raw<'a>) {
        if let Some(setting) = &over.set {
            self.replace(setting.clone());
            let mut overridden = over.overridden.clone();
            overridden.append(&mut self.overridden);
            self.overridden = overridden;
            self.replaced |= over.replaced;
        }
        self.opened = self.opened.take().or_else(|| over.opened.clone());
        self.brace = over.brace.or(self.brace);
        for (name, child) in &over.children {
            self.child(name, child.name).lay(&child.raw);
        }
    }

    fn descend(&mut self, file: FileId, path: &Path) -> &mut Raw<'a> {
        let mut at = self;
        for segment in &path.segments {
            at = at.child(&segment.text, Span::new(file, segment.span));
        }
        at
    }

    fn child(&mut self, name: &str, span: Span) -> &mut Raw<'a> {
        let position = match self.index.get(name) {
            Some(position) => *position,
            None => {
                let name: Arc<str> = name.into();
                self.index.insert(name.clone(), self.children.len());
                self.children.push((name, Child { name: span, raw: Raw::default() }));
                self.children.len() - 1
            }
        };
        // The position was found or made just above.
        #[expect(clippy::indexing_slicing, reason = "the position comes from this list")]
        let (_, child) = &mut self.children[position];
        child.name = span;
        &mut child.raw
    }

    /// What is said about a place below.
    #[must_use]
    pub fn below(&self, name: &str) -> Option<&Child<'a>> {
        self.children.get(*self.index.get(name)?).map(|(_, child)| child)
    }

    /// Whether the instance itself says anything, and not only its schema.
    #[must_use]
    pub fn is_written(&self) -> bool {
        let own = |layer: &Layer| matches!(layer, Layer::Entry | Layer::Overlay);
        self.set.as_ref().is_some_and(|setting| own(&setting.by.layer))
            || self.opened.as_ref().is_some_and(|(layer, _)| own(layer))
            || self.children.iter().any(|(_, child)| child.raw.is_written())
    }

    /// Whether anything at all is said about this place.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.set.is_none() && self.opened.is_none() && self.children.is_empty()
    }
}

/// The overlays of an instance that hold in `environment`, in source order.
pub fn overlays<'a>(entries: &'a [Entry], environment: &str) -> Vec<&'a [Entry]> {
    entries
        .iter()
        .filter_map(|entry| match &entry.kind {
            EntryKind::In { envs, entries, .. } if envs.iter().any(|name| name.text == environment) => {
                Some(entries.as_slice())
            }
            _ => None,
        })
        .collect()
}

/// Settings of one layer that meet: equal paths, or a path below one that is set with `=`.
#[must_use]
pub fn conflicts(file: FileId, scopes: &[&[Entry]]) -> Vec<Diagnostic> {
    let mut settings = Vec::new();
    let mut inner = Vec::new();
    for entries in scopes {
        flatten(entries, &mut Vec::new(), &mut settings, &mut inner);
    }
    let mut found = Vec::new();
    // In source order, so that each setting is judged against those before it.
    settings.sort_by_key(|set| set.span.start());
    let mut known: BTreeMap<&[&str], &Set<'_>> = BTreeMap::new();
    for next in &settings {
        match earlier(&known, next) {
            Some(first) => found.push(twice(file, first, next)),
            None => {
                known.insert(&next.path, next);
            }
        }
    }
    for entries in inner {
        found.extend(conflicts(file, &[entries]));
    }
    found
}

struct Set<'a> {
    path: Vec<&'a str>,
    assigns: bool,
    span: TextRange,
    /// The entry with what separates it from its neighbor: what goes when it is removed.
    whole: TextRange,
}

fn flatten<'a>(
    entries: &'a [Entry],
    prefix: &mut Vec<&'a str>,
    settings: &mut Vec<Set<'a>>,
    inner: &mut Vec<&'a [Entry]>,
) {
    for (at, entry) in entries.iter().enumerate() {
        let (path, assigns) = match &entry.kind {
            EntryKind::Set { path, value } => {
                if let ExprKind::Record { entries, .. } = &value.kind {
                    inner.push(entries);
                }
                (path, true)
            }
            EntryKind::Amend { path, entries } if !entries.is_empty() => {
                let depth = prefix.len();
                prefix.extend(path.segments.iter().map(|segment| segment.text.as_str()));
                flatten(entries, prefix, settings, inner);
                prefix.truncate(depth);
                continue;
            }
            EntryKind::Amend { path, .. } | EntryKind::Bare(path) => (path, false),
            EntryKind::In { .. } => continue,
        };
        let mut full = prefix.clone();
        full.extend(path.segments.iter().map(|segment| segment.text.as_str()));
        settings.push(Set { path: full, assigns, span: path.span, whole: with_separator(entries, at, entry.span) });
    }
}

/// An entry up to the end of the one before it or the beginning of the one after it.
fn with_separator(entries: &[Entry], at: usize, own: TextRange) -> TextRange {
    let before = at.checked_sub(1).and_then(|before| entries.get(before)).map(|entry| entry.span.end());
    let after = entries.get(at + 1).map(|entry| entry.span.start());
    match (before, after) {
        (Some(before), _) if before <= own.end() => TextRange::new(before, own.end()),
        (None, Some(after)) if own.start() <= after => TextRange::new(own.start(), after),
        _ => own,
    }
}

/// The first setting that the next one meets: the same path, one above it that is set with `=`, or one below it that it
/// would replace.
fn earlier<'k, 'a>(known: &BTreeMap<&'k [&'a str], &'k Set<'a>>, next: &Set<'a>) -> Option<&'k Set<'a>> {
    let path = next.path.as_slice();
    let above = (1..=path.len()).filter_map(|length| known.get(path.get(..length)?));
    let above = above.filter(|set| set.assigns || set.path.len() == path.len());
    let below = known.range(path..).map(|(_, set)| set).take_while(|set| next.assigns && set.path.starts_with(path));
    above.chain(below).min_by_key(|set| set.span.start()).copied()
}

fn twice(file: FileId, earlier: &Set<'_>, later: &Set<'_>) -> Diagnostic {
    let name = later.path.join(".");
    let message = if earlier.path == later.path {
        format!("`{name}` is set twice")
    } else {
        format!("`{name}` is set beside `{}`", earlier.path.join("."))
    };
    Diagnostic::new(Code::SetTwice, Span::new(file, later.span), message)
        .primary_label("set again in the same layer")
        .label(Span::new(file, earlier.span), "set here first")
        .help("keep one of the two; an overlay `in ENVIRONMENT { … }` may override an entry")
        .fix("remove the later one", Safety::Unsafe, Span::new(file, later.whole), "")
}
