//! The space between two tokens on one line.

use super::tokens::Piece;
use crate::kind::SyntaxKind as K;

/// What stands between two neighbors on a line.
pub(super) fn between<'p>(left: &Piece, right: &'p Piece, is_sign: bool) -> &'p str {
    if left.is_verbatim() || right.is_verbatim() {
        return &right.space;
    }
    if right.is_comment() {
        return "  ";
    }
    if sticks(left, right, is_sign) { "" } else { " " }
}

/// Whether two neighbors touch. `is_sign` says that the left one is a sign and not an operator.
fn sticks(left: &Piece, right: &Piece, is_sign: bool) -> bool {
    let in_type = |piece: &Piece| piece.parent == K::Type;
    match (left.kind, right.kind) {
        (K::LBrace, K::RBrace) => true,
        (_, K::Comma | K::RParen | K::RBracket | K::Question | K::Dot | K::DotDot) => true,
        (K::LParen | K::LBracket | K::At | K::Amp | K::Dot | K::DotDot, _) => true,
        (K::Lt, _) if in_type(left) => true,
        (_, K::Lt | K::Gt) if in_type(right) => true,
        (K::Minus, _) => is_sign,
        // The arguments of a call and of an annotation.
        (K::Ident, K::LParen) => matches!(left.parent, K::Path | K::Annotation),
        _ => false,
    }
}

/// Whether a `-` is a sign, by what stands before it.
pub(super) fn is_sign(before: Option<&Piece>, minus: &Piece) -> bool {
    if minus.kind != K::Minus {
        return false;
    }
    let Some(before) = before else { return true };
    match before.kind {
        K::Ident => before.parent != K::Path && !matches!(before.text.as_str(), "true" | "false" | "none"),
        K::Int | K::Number | K::Quantity | K::Date | K::Str | K::RParen | K::RBracket | K::RBrace => false,
        _ => true,
    }
}
