//! How much work an evaluation may take: open expressions, steps, and bytes and elements that are built.

use idpc_syntax::ast::Expr;

use super::arena::{Arena, Site};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::span::Span;

/// How many expressions may be open at once, one inside of or waiting for another.
const DEEPEST: usize = 500;

/// How many steps one instance may take in one environment; every byte and element that is built counts too.
const BUDGET: u64 = 1_000_000;

impl Arena<'_> {
    /// Opens one expression more; `false` when too many are open, with one finding. Stacks are finite, and a program has to be
    /// accepted on every machine or on none.
    pub(super) fn descend(&mut self, expr: &Expr, site: Site) -> bool {
        if self.depth < DEEPEST {
            self.depth += 1;
            return true;
        }
        if !self.found.iter().any(|finding| finding.code == Code::BudgetExceeded) {
            self.report(
                Diagnostic::new(
                    Code::BudgetExceeded,
                    Span::new(site.file, expr.span),
                    "too many values wait for each other",
                )
                .primary_label("too many expressions are open here")
                .help("let values read fewer other values one after the other"),
            );
        }
        false
    }

    /// Counts work; `false` once the budget is used up, with one finding.
    pub(super) fn spend(&mut self, amount: usize, expr: &Expr, site: Site) -> bool {
        let before = self.steps;
        self.steps = self.steps.saturating_add(u64::try_from(amount).unwrap_or(u64::MAX));
        if self.steps <= BUDGET {
            return true;
        }
        if before <= BUDGET {
            self.report(
                Diagnostic::new(
                    Code::BudgetExceeded,
                    Span::new(site.file, expr.span),
                    "this takes more work than is allowed",
                )
                .primary_label(format!("more than {BUDGET} steps, bytes and elements"))
                .help("build less text, or shorter lists"),
            );
        }
        false
    }
}
