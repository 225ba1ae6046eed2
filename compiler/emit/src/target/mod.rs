//! A target: a folder of templates with a manifest that says which files they write.
//!
//! Loading checks everything; a loaded target renders without looking at its folder again. It never reads the folder
//! itself: its files are handed over as text.

mod amend;
mod files;
mod manifest;
mod path;
mod profile;
mod render;
mod samples;

use std::collections::BTreeSet;

pub use amend::amended;
pub use files::overlay;
pub use manifest::{FileRule, Manifest};
pub use path::PathPattern;
pub use profile::NoProfile;
pub use render::Rendered;
pub use samples::Samples;

use crate::node::Node;
use crate::shape::{Per, Shape, ShapeSource};
use crate::template::{self, Format, Job, Pos, Program, Source, TemplateError};
use files::Files;
use profile::Profiles;

/// What is wrong with a file of a target.
pub type TargetError = TemplateError;

/// A target that has been checked and compiled.
#[derive(Clone, Debug)]
pub struct Target {
    /// Its name.
    pub name: String,
    /// What it writes, for people.
    pub description: String,
    /// The files that it writes.
    pub rules: Vec<Rule>,
    data: Node,
    profiles: Option<Profiles>,
    /// The kinds for which it has templates of their own or of an ancestor.
    kinds: BTreeSet<String>,
    silent: BTreeSet<String>,
}

/// A file that a target writes for each of something.
#[derive(Clone, Debug)]
pub struct Rule {
    /// What it is written for.
    pub per: Per,
    /// Where it goes.
    pub path: PathPattern,
    /// Its language.
    pub format: Format,
    /// Whether it is created once and then left alone.
    pub lifetime: Lifetime,
    /// The template that writes it.
    pub template: String,
    comment: Option<String>,
    when: Option<Program>,
    program: Program,
}

/// Whether a file stays under the control of the target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lifetime {
    /// Written by every build.
    Generated,
    /// Created once, then owned by others.
    Once,
}

impl Target {
    /// Loads the target called `name` from its `files`, given as path inside the folder and text.
    ///
    /// A rule with an error is left out. There is no target if its manifest cannot be read.
    pub fn load(name: &str, files: &[(&str, &str)], shapes: &dyn ShapeSource) -> (Option<Self>, Vec<TargetError>) {
        let mut errors = Vec::new();
        let manifest = match manifest::read(name, files) {
            Ok((manifest, problems)) => {
                errors.extend(problems);
                manifest
            }
            Err(error) => return (None, vec![error]),
        };
        let (library, problems) = Files::read(files, shapes);
        errors.extend(problems);
        let (profiles, data) = match &manifest.profiles {
            None => (None, shape_of(std::slice::from_ref(&manifest.data))),
            Some(pattern) => match Profiles::read(pattern, files, &manifest.data) {
                Ok((profiles, samples, problems)) => {
                    errors.extend(problems);
                    (Some(profiles), shape_of(&samples))
                }
                Err(error) => return (None, vec![error]),
            },
        };
        let mut loader = Loader { files, library: &library, data, next_hint: 0, errors };
        let rules = manifest.files.iter().filter_map(|file| loader.rule(file, shapes)).collect();
        let mut errors = loader.errors;
        errors.extend(library.unused(&manifest));
        errors.sort();
        errors.dedup();
        let kinds = shapes.kinds();
        let own = |kind: &String| shapes.ancestors(kind).iter().any(|ancestor| library.has_kind(ancestor));
        let silent =
            |kind: &String| shapes.ancestors(kind).iter().any(|ancestor| manifest.silent_kinds.contains(ancestor));
        let target = Self {
            name: manifest.name.clone(),
            description: manifest.description.clone(),
            rules,
            data: Node::from(&manifest.data),
            profiles,
            kinds: kinds.iter().filter(|kind| own(kind)).cloned().collect(),
            silent: kinds.iter().filter(|kind| silent(kind)).cloned().collect(),
        };
        (Some(target), errors)
    }

    /// Whether the target has templates for `kind` or for a schema that it builds on.
    #[must_use]
    pub fn has_kind(&self, kind: &str) -> bool {
        self.kinds.contains(kind)
    }

    /// Whether the target says that it rightly writes nothing for `kind`.
    #[must_use]
    pub fn is_silent(&self, kind: &str) -> bool {
        self.silent.contains(kind)
    }

    /// The static data of the target, with the profile that the platform in `context` picks.
    ///
    /// # Errors
    /// When the target has profiles and not that one.
    pub fn data(&self, context: &Node) -> Result<&Node, NoProfile> {
        self.profiles.as_ref().map_or(Ok(&self.data), |profiles| profiles.pick(context))
    }
}

/// The shape of static data, of which there is one sample for each profile.
fn shape_of(samples: &[serde_json::Value]) -> Shape {
    let objects: Vec<_> = samples.iter().filter(|sample| sample.is_object()).cloned().collect();
    if objects.is_empty() { Shape::record::<String>([]) } else { samples::shape_of(&objects) }
}

struct Loader<'a> {
    files: &'a [(&'a str, &'a str)],
    library: &'a Files<'a>,
    data: Shape,
    next_hint: u32,
    errors: Vec<TargetError>,
}

impl Loader<'_> {
    fn rule(&mut self, file: &FileRule, shapes: &dyn ShapeSource) -> Option<Rule> {
        let root = shapes.context(file.per)?;
        let known = self.errors.len();
        let path = match PathPattern::parse(&file.path, &root) {
            Ok(path) => Some(path),
            Err(message) => {
                self.errors
                    .push(TargetError { pos: manifest::find(self.files, &file.path), ..manifest::error(message) });
                None
            }
        };
        // GitHub evaluates expressions in every file of that folder, whatever the manifest says.
        let format = match file.format {
            Format::Yaml if file.path.contains(".github/") => Format::Workflow,
            format => format,
        };
        let when = file.when.as_ref().and_then(|when| self.condition(when));
        let template = self.library.template(&file.template);
        if template.is_none() && !self.library.is_broken(&file.template) {
            let pos = manifest::find(self.files, &file.template);
            let error = self.library.missing(&file.template);
            self.errors.push(TargetError { pos, ..error });
        }
        let gate = when.as_ref().map(|(cond, source)| (cond, self.compile(source, root.clone(), Format::Text, None)));
        for error in self.errors.iter_mut().skip(known) {
            if let (true, Some(when)) = (error.file == manifest::FILE && error.pos == Pos::START, &file.when) {
                error.pos = manifest::find(self.files, when);
            }
        }
        let program = self.compile(template?, root, format, gate.as_ref().map(|(cond, _)| *cond));
        (self.errors.len() == known).then_some(Rule {
            per: file.per,
            path: path?,
            format,
            lifetime: if file.once { Lifetime::Once } else { Lifetime::Generated },
            template: file.template.clone(),
            comment: file.comment.clone(),
            when: gate.map(|(_, program)| program),
            program,
        })
    }

    /// The condition `when`, and a template that writes something exactly where it holds.
    fn condition(&mut self, when: &str) -> Option<(template::Cond, Source)> {
        let parsed = template::parse_condition("target.json", when)
            .and_then(|cond| Ok((cond, template::parse("target.json", &format!("{{{{#if {when}}}}}yes{{{{/if}}}}"))?)));
        match parsed {
            Ok((cond, items)) => Some((cond, Source { file: "target.json".to_owned(), items })),
            Err(errors) => {
                self.errors.extend(errors);
                None
            }
        }
    }

    fn compile(&mut self, source: &Source, root: Shape, format: Format, when: Option<&template::Cond>) -> Program {
        let job =
            Job { library: self.library, root, data: self.data.clone(), format, when, first_hint: self.next_hint };
        let (program, errors) = template::compile(source, &job);
        self.next_hint = program.end_hint();
        self.errors.extend(errors);
        program
    }
}
