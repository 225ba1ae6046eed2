//! Between the protocol's types and our own.

use std::path::PathBuf;
use std::str::FromStr as _;

use idpc_ide::lines::{Encoding, Lines, Position, Range};
use idpc_ide::symbol::{Kind, Symbol};
use tower_lsp::ls_types as lsp;

use crate::message::{Document, File, Problem, Weight};
use crate::view::EMBEDDED;

/// How columns are counted: in bytes where the client can, else in units of UTF-16, which every client can.
pub(super) fn encoding(client: &lsp::ClientCapabilities) -> Encoding {
    let offered = client.general.as_ref().and_then(|general| general.position_encodings.as_ref());
    match offered {
        Some(offered) if offered.contains(&lsp::PositionEncodingKind::UTF8) => Encoding::Utf8,
        _ => Encoding::Utf16,
    }
}

pub(super) fn encoding_kind(encoding: Encoding) -> lsp::PositionEncodingKind {
    match encoding {
        Encoding::Utf8 => lsp::PositionEncodingKind::UTF8,
        Encoding::Utf16 => lsp::PositionEncodingKind::UTF16,
    }
}

pub(super) fn document(uri: &lsp::Uri) -> Document {
    Document { uri: uri.as_str().to_owned(), path: path(uri) }
}

/// The path of a file; other schemes have none.
pub(super) fn path(uri: &lsp::Uri) -> Option<PathBuf> {
    let is_file = uri.scheme().as_str().eq_ignore_ascii_case("file");
    let path = uri.to_file_path().filter(|_| is_file)?;
    path.is_absolute().then(|| path.into_owned())
}

pub(super) fn uri(file: &File) -> Option<lsp::Uri> {
    match file {
        File::Uri(uri) => lsp::Uri::from_str(uri).ok(),
        File::Path(path) => lsp::Uri::from_file_path(path),
        File::Embedded(name) => {
            let path = name.strip_prefix("std:/").unwrap_or(name);
            lsp::Uri::from_str(&format!("{EMBEDDED}/{path}")).ok()
        }
    }
}

pub(super) fn position(position: lsp::Position) -> Position {
    Position { line: position.line, column: position.character }
}

pub(super) fn range(range: lsp::Range) -> Range {
    Range { start: position(range.start), end: position(range.end) }
}

pub(super) fn lsp_position(position: Position) -> lsp::Position {
    lsp::Position { line: position.line, character: position.column }
}

pub(super) fn lsp_range(range: Range) -> lsp::Range {
    lsp::Range { start: lsp_position(range.start), end: lsp_position(range.end) }
}

pub(super) fn problem(problem: Problem) -> lsp::Diagnostic {
    let related = |(file, range, message): (File, Range, String)| {
        let location = lsp::Location { uri: uri(&file)?, range: lsp_range(range) };
        Some(lsp::DiagnosticRelatedInformation { location, message })
    };
    let related: Vec<_> = problem.related.into_iter().filter_map(related).collect();
    lsp::Diagnostic {
        range: lsp_range(problem.range),
        severity: Some(match problem.weight.is_error() {
            true => lsp::DiagnosticSeverity::ERROR,
            false => lsp::DiagnosticSeverity::WARNING,
        }),
        tags: (problem.weight == Weight::Deprecated).then(|| vec![lsp::DiagnosticTag::DEPRECATED]),
        code: problem.code.map(lsp::NumberOrString::String),
        source: Some(String::from("idpc")),
        message: problem.text,
        related_information: (!related.is_empty()).then_some(related),
        ..lsp::Diagnostic::default()
    }
}

#[expect(deprecated, reason = "the type has a deprecated field that has to be filled")]
pub(super) fn symbol(symbol: Symbol, lines: &Lines, encoding: Encoding) -> lsp::DocumentSymbol {
    let children: Vec<_> = symbol.children.into_iter().map(|child| self::symbol(child, lines, encoding)).collect();
    lsp::DocumentSymbol {
        name: symbol.name,
        detail: (!symbol.detail.is_empty()).then_some(symbol.detail),
        kind: kind(symbol.kind),
        tags: None,
        deprecated: None,
        range: lsp_range(lines.range(symbol.range, encoding)),
        selection_range: lsp_range(lines.range(symbol.name_range, encoding)),
        children: (!children.is_empty()).then_some(children),
    }
}

pub(super) fn kind(kind: Kind) -> lsp::SymbolKind {
    match kind {
        Kind::Instance => lsp::SymbolKind::OBJECT,
        Kind::Schema => lsp::SymbolKind::CLASS,
        Kind::Enum => lsp::SymbolKind::ENUM,
        Kind::Variant => lsp::SymbolKind::ENUM_MEMBER,
        Kind::Constant => lsp::SymbolKind::CONSTANT,
        Kind::Field => lsp::SymbolKind::FIELD,
        Kind::Block => lsp::SymbolKind::STRUCT,
        Kind::Output => lsp::SymbolKind::PROPERTY,
        Kind::Overlay => lsp::SymbolKind::NAMESPACE,
        Kind::Identity => lsp::SymbolKind::EVENT,
    }
}
