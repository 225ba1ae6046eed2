//! Checks and compiles conditions, and tells what is known where they hold.

use super::ast::{Comparison, Cond, Operand};
use super::compile::Compiler;
use super::error::Pos;
use super::program::{Source, Test};
use super::scope::{Place, Scope};
use crate::node::Node;
use crate::shape::Shape;

impl Compiler<'_> {
    /// Compiles a condition; a path in it may be unset.
    pub fn cond(&mut self, cond: &Cond, scope: &Scope) -> Test {
        match cond {
            Cond::Constant(value) => Test::Constant(*value),
            Cond::Not(inner) => Test::Not(Box::new(self.cond(inner, scope))),
            Cond::All(parts) => Test::All(self.all(parts, scope)),
            // What a part finds unset, the parts after it may rely on.
            Cond::Any(parts) => Test::Any(parts.iter().map(|part| self.cond(part, scope)).collect()),
            Cond::Truthy(path) => match scope.try_find(path) {
                Ok(place) => Test::Truthy(self.path_ref(&place)),
                Err(problem) => {
                    self.problem(path.pos, problem);
                    Test::Constant(false)
                }
            },
            Cond::Compare(comparison, left, right, pos) => {
                let (left_source, left_shape) = self.operand(left, scope);
                let (right_source, right_shape) = self.operand(right, scope);
                self.comparable(*comparison, &left_shape, &right_shape, *pos);
                Test::Compare(*comparison, left_source, right_source)
            }
        }
    }

    fn all(&mut self, parts: &[Cond], scope: &Scope) -> Vec<Test> {
        let mut scope = scope.clone();
        let mut tests = Vec::with_capacity(parts.len());
        for part in parts {
            tests.push(self.cond(part, &scope));
            let known = facts(part, &scope, true);
            scope.facts.extend(known);
        }
        tests
    }

    /// Compiles an operand, and tells its shape.
    pub fn operand(&mut self, operand: &Operand, scope: &Scope) -> (Source, Shape) {
        match operand {
            Operand::Literal(node) => {
                let shape = match node {
                    Node::Bool(_) => Shape::Bool,
                    Node::Int(_) | Node::Decimal(_) => Shape::Number,
                    _ => Shape::Text,
                };
                (Source::Literal(node.clone()), shape)
            }
            Operand::Path(path) => match scope.try_find(path) {
                Ok(place) => (Source::Path(self.path_ref(&place)), place.shape),
                Err(problem) => {
                    self.problem(path.pos, problem);
                    (Source::Literal(Node::Null), Shape::Any)
                }
            },
        }
    }

    fn comparable(&mut self, comparison: Comparison, left: &Shape, right: &Shape, pos: Pos) {
        let bare = |shape: &Shape| match shape {
            Shape::Optional(inner) => Shape::clone(inner),
            other => other.clone(),
        };
        let (left, right) = (bare(left), bare(right));
        let scalar = |shape: &Shape| matches!(shape, Shape::Any | Shape::Bool | Shape::Number | Shape::Text);
        let ordered = matches!(comparison, Comparison::Greater | Comparison::Less);
        if !scalar(&left) || !scalar(&right) {
            let wrong = if scalar(&left) { &right } else { &left };
            self.error(pos, format!("{} cannot be compared", wrong.describe()));
        } else if left != right && left != Shape::Any && right != Shape::Any {
            self.error(pos, format!("{} is never equal to {}", left.describe(), right.describe()));
        } else if ordered && [&left, &right].iter().any(|shape| !matches!(shape, Shape::Number | Shape::Any)) {
            self.error(pos, format!("`gt` and `lt` compare numbers, not {}", left.describe()));
        }
    }
}

/// The places that are certainly set where `cond` is `held`.
pub(super) fn facts(cond: &Cond, scope: &Scope, held: bool) -> Vec<Place> {
    let place = |operand: &Operand| match operand {
        Operand::Path(path) => scope.try_find(path).ok(),
        Operand::Literal(_) => None,
    };
    match (cond, held) {
        (Cond::Truthy(path), true) => scope.try_find(path).ok().into_iter().collect(),
        (Cond::Not(inner), _) => facts(inner, scope, !held),
        (Cond::All(parts), true) | (Cond::Any(parts), false) => {
            parts.iter().flat_map(|part| facts(part, scope, held)).collect()
        }
        // Equal to something that is set, or ordered at all.
        (Cond::Compare(Comparison::Greater | Comparison::Less, left, right, _), true) => {
            [place(left), place(right)].into_iter().flatten().collect()
        }
        (Cond::Compare(Comparison::Equal, left, right, _), true)
        | (Cond::Compare(Comparison::Unequal, left, right, _), false) => match (left, right) {
            (Operand::Path(_), Operand::Literal(_)) => place(left).into_iter().collect(),
            (Operand::Literal(_), Operand::Path(_)) => place(right).into_iter().collect(),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}
