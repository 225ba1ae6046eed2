//! Text with values inserted; what is known only after deployment stays a piece of it.

use std::sync::Arc;

use idpc_syntax::ast::{Expr, StrPart};

use super::arena::{Arena, Site};
use crate::constant::plain_text;
use crate::credential;
use crate::span::Span;
use crate::value::{Piece, Value};

impl Arena<'_> {
    pub(super) fn text(&mut self, expr: &Expr, parts: &[StrPart], site: Site) -> Value {
        let mut pieces: Vec<Piece> = Vec::new();
        let mut built = String::new();
        for part in parts {
            let added = match part {
                StrPart::Text(text) => text.clone(),
                StrPart::Insert(path) => match self.path(path, site, None) {
                    Value::Output(output) if !output.secret => {
                        if !built.is_empty() {
                            pieces.push(Piece::Text(std::mem::take(&mut built).into()));
                        }
                        pieces.push(Piece::Output(output));
                        continue;
                    }
                    Value::Text(inner) => {
                        if !built.is_empty() {
                            pieces.push(Piece::Text(std::mem::take(&mut built).into()));
                        }
                        pieces.extend(inner.iter().cloned());
                        continue;
                    }
                    value => match plain_text(&value) {
                        Some(text) => text,
                        None => return Value::Error,
                    },
                },
            };
            if !self.spend(added.len(), expr, site) {
                return Value::Error;
            }
            built.push_str(&added);
        }
        if pieces.is_empty() {
            return self.credential(built, expr, site);
        }
        if !built.is_empty() {
            pieces.push(Piece::Text(built.into()));
        }
        Value::Text(Arc::new(pieces))
    }

    fn credential(&mut self, text: String, expr: &Expr, site: Site) -> Value {
        if let Some(what) = credential::recognize(&text) {
            self.report(credential::finding(Span::new(site.file, expr.span), what));
            return Value::Error;
        }
        Value::Str(text.into())
    }
}
