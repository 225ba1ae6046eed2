//! The way of a secret, from where it is declared to where it goes astray.

use idpc_syntax::ast::{Expr, ExprKind, Path};

use super::arena::{Arena, Kind, Site};
use super::locate::Located;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::span::Span;

/// How many places the way of a secret is followed through.
const LONGEST_WAY: usize = 16;

impl Arena<'_> {
    /// A finding with the way of the secret that a path reads, from where it is declared.
    pub(super) fn with_way(&self, finding: Diagnostic, path: &Path, site: Site) -> Diagnostic {
        let mut way = Vec::new();
        let (mut path, mut site) = (path, site);
        for _ in 0..LONGEST_WAY {
            match self.locate(path, site, None) {
                Ok(Located::Node(id, _)) => {
                    let node = self.node(id);
                    way.push((node.origin.span, format!("through `{}`", node.key)));
                    match self.site(id) {
                        Some((Expr { kind: ExprKind::Path(next), .. }, next_site)) => (path, site) = (next, next_site),
                        _ => {
                            way.extend(
                                node.declared.map(|at| (at, format!("`{}` is declared as a secret here", node.key))),
                            );
                            break;
                        }
                    }
                }
                Ok(Located::Output(output, _)) => {
                    way.extend(self.declared_output(path, site, &output.name));
                    break;
                }
                _ => break,
            }
        }
        way.into_iter().rev().fold(finding, |finding, (at, why)| finding.label(at, why))
    }

    /// Where the output that a path ends on is declared.
    fn declared_output(&self, path: &Path, site: Site, name: &str) -> Option<(Span, String)> {
        let (_, record) = path.segments.split_last()?;
        let around = Path { segments: record.to_vec(), span: path.span };
        let Ok(Located::Node(id, _)) = self.locate(&around, site, None) else { return None };
        let Kind::Record { schema, .. } = &self.node(id).kind else { return None };
        let output = schema.output(name)?;
        Some((output.span, format!("`{name}` is declared as a secret here")))
    }
}

/// The finding at a secret that is more than moved.
pub(super) fn secret_flow(at: Span, path: &Path, why: &str) -> Diagnostic {
    let name: Vec<&str> = path.segments.iter().map(|segment| segment.text.as_str()).collect();
    Diagnostic::new(Code::SecretFlow, at, format!("`{}` is a secret and can only be moved", name.join(".")))
        .primary_label(why.to_owned())
        .help("let it stand alone: `NAME = needs.….…`; compose addresses in the process")
}
