//! Every mistake in a target is found when it is loaded, at its place, with a hint where there is one.
#![expect(clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

mod harness;

use harness::{MANIFEST, contexts, load, show};
use idpc_emit::target::{Samples, Target};

/// Mistakes in a template, each alone in `file.hbs`.
const TEMPLATES: &[&str] = &[
    // Syntax.
    "a: {{name",
    "a: {{name}",
    "a: {{{name}}}",
    "a: {{&name}}",
    "a: {{~name}}",
    "a: {{#if name}}",
    "{{#if name}}\na: 1\n{{/unless}}\n",
    "a: 1\n{{/if}}\n",
    "a: 1\n{{else}}\n",
    "a: {{name name}}",
    "a: {{upper name}}",
    "{{#upper name}}\n{{/upper}}\n",
    "{{#iff name}}\n{{/iff}}\n",
    "{{#if name doc}}\na: 1\n{{/if}}\n",
    "{{#if name as |x|}}\na: 1\n{{/if}}\n",
    "{{#if (eg name \"a\")}}\na: 1\n{{/if}}\n",
    "{{#if (eq name)}}\na: 1\n{{/if}}\n",
    "{{#if (not name doc)}}\na: 1\n{{/if}}\n",
    "a: {{#if (eq name}}1{{/if}}",
    "a: {{(eq name \"a\")}}",
    "a: {{name..x}}",
    "a: {{../name}}",
    "a: {{labels.[x}}",
    "{{#*inline \"x\"}}\n{{/inline}}\n",
    "{{#> layout}}\n{{/layout}}\n",
    "a: \u{7}{{name}}",
    "a: {{#text}}x{{else}}y{{/text}}",
    "a: {{#text name}}x{{/text}}",
    // Names and shapes.
    "a: {{nmae}}",
    "a: {{service.prot}}",
    "a: {{service.tier.x}}",
    "a: {{name.first}}",
    "a: {{zzzzzz}}",
    "a: {{this}}",
    "a: {{@index}}",
    "a: {{@kee}}",
    "{{#if servise.port}}\na: 1\n{{/if}}\n",
    "{{#each env_vars as |v|}}\n- {{@key}}\n{{/each}}\n",
    "{{#each env_vars}}\n- {{value}}\n{{/each}}\n",
    "{{#each name as |n|}}\n- {{n}}\n{{/each}}\n",
    "{{#each env_vars as |v|}}\n- {{w.name}}\n{{/each}}\n",
    "a: {{data.pun}}",
    "{{#each needs as |n|}}\n- {{n.spec.size}}\n{{/each}}\n",
    "{{#each needs as |n|}}\n- {{n.value.size}}\n{{/each}}\n",
    "{{#if (eq name 3)}}\na: 1\n{{/if}}\n",
    "{{#if (gt name \"x\")}}\na: 1\n{{/if}}\n",
    "{{#if (eq labels \"x\")}}\na: 1\n{{/if}}\n",
    // Unset values.
    "a: {{doc}}",
    "a: {{service.port}}",
    "a: {{team.chat}}",
    "{{#if doc}}\na: 1\n{{else}}\na: {{doc}}\n{{/if}}\n",
    "{{#unless doc}}\na: {{doc}}\n{{/unless}}\n",
    "{{#if (or doc service.port)}}\na: {{doc}}\n{{/if}}\n",
    "{{#if (not doc)}}\na: {{doc}}\n{{/if}}\n",
    "a: {{labels.x}}",
    "{{#each env_vars as |v|}}\n- {{v.secret.name}}\n{{/each}}\n",
    // Places in YAML.
    "a: \"{{name}}\"",
    "a: x-{{name}}",
    "a: {{name}}-x",
    "a: {{name}} {{name}}",
    "a:{{name}}",
    "a: [{{name}}]",
    "# {{name}}",
    "a: |\n  text\n  {{labels}}\nb: 1\n",
    "a:\n  {{name}}\n",
    "\t{{labels}}",
    "{{labels}}: 1",
    "a: {{#if doc}}{{doc}}{{/if}}",
    "a: {{#if doc}}{{doc}}{{else}}\n  b: 1\n{{/if}}",
    "{{#text}}a{{/text}}",
    "run: {{name}}",
    "steps:\n  - run: {{#text}}\n      echo {{name}}\n    {{/text}}\n",
    "script: {{#shell}}echo {{name}}{{/shell}}",
    // Places in strings of other languages.
    "a: {{#text}}{{labels}}{{/text}}",
    "a: {{#text}}{{#each needs as |n|}}{{n.spec}}{{/each}}{{/text}}",
    "a: {{#promql}}up{a=\"{{/promql}}",
    "a: {{#promql}}up{a=`{{name}}`}{{/promql}}",
    "a: {{#promql}}up # {{name}}{{/promql}}",
    "a: {{#promql}}up{a=\"x{{#if doc}}\"{{/if}}}{{/promql}}",
    "a: {{#gotemplate}}\\{{ printf \"{{name}}\" }}{{/gotemplate}}",
    "a: {{#gotemplate}}\\{{ $value{{/gotemplate}}",
    "a: {{#shell}}echo '{{name}}'{{/shell}}",
    "a: {{#shell}}echo \"{{name}}\"{{/shell}}",
    "a: {{#shell}}echo # {{name}}{{/shell}}",
    "a: {{#markdown}}<a href=\"{{name}}\">{{/markdown}}",
    "a: {{#markdown}}<!-- {{name}} -->{{/markdown}}",
    "a: {{#json}}{\"a\": {{name}}{{/json}}",
    "a: {{#json}}{\"a\": {{name}},}{{/json}}",
    "a: {{#json}}[{{#each env_vars as |v|}}{{v.name}},{{/each}}]{{/json}}",
    "a: {{#json}}{\"a\": 1{{#if doc}} \"b\": 2{{/if}}}{{/json}}",
    // Partials.
    "{{> missing}}",
    "{{> part/x}}",
    "{{> partial name}}",
    "{{> kind/claim}}",
    "{{> kind/claim name}}",
];

const PARTIAL: (&str, &str) = ("partials/partial.hbs", "p: {{name}}\n");

#[test]
fn mistakes_in_a_template() {
    let mut shown = String::new();
    for template in TEMPLATES {
        let (_, errors) = load(&[("file.hbs", template), PARTIAL, ("kinds/bucket/claim.hbs", "k: 1\n")], &contexts());
        assert!(!errors.is_empty(), "no error in {template}");
        assert!(errors.iter().all(|error| error.file == "file.hbs"), "{}", show(&errors));
        shown.push_str(&format!(
            "{}\n{}\n\n",
            template.escape_debug().to_string().replace("\\n", "⏎").replace('\\', ""),
            show(&errors)
        ));
    }
    insta::assert_snapshot!(shown);
}

#[test]
fn mistakes_in_partials_are_found_in_them() {
    let mut shown = String::new();
    let cases: [&[(&str, &str)]; 9] = [
        &[("file.hbs", "run: {{#text}}{{> a data=name}}{{/text}}\n"), ("partials/a.hbs", "echo {{data}}\n")],
        &[("file.hbs", "{{> a}}\n"), ("partials/a.hbs", "x: 1\ny: {{nmae}}\n")],
        &[("file.hbs", "{{> a}}\n"), ("partials/a.hbs", "{{> b}}\n"), ("partials/b.hbs", "{{> a}}\n")],
        &[("file.hbs", "{{#each env_vars as |v|}}\n{{> a}}\n{{/each}}\n"), ("partials/a.hbs", "x: {{v.name}}\n")],
        &[("file.hbs", "{{> a x=doc}}\n"), ("partials/a.hbs", "x: {{x}}\n")],
        &[
            ("file.hbs", "{{#each needs as |n|}}\n{{> kind/claim n}}\n{{/each}}\n"),
            ("kinds/bucket/claim.hbs", "x: {{need.value.sise}}\n"),
        ],
        &[
            ("file.hbs", "{{#each needs as |n|}}\n{{> kind/claim n}}\n{{/each}}\n"),
            ("kinds/resource/claim.hbs", "x: {{need.value.size}}\n"),
        ],
        &[("file.hbs", "{{> path/workload}}\n"), ("paths/web/workload.hbs", "x: {{service.prot}}\n")],
        &[("file.hbs", "a: {{> a}}\n"), ("partials/a.hbs", "{{#if name}}\nx: 1\n{{/if}}\n")],
    ];
    for files in cases {
        let (_, errors) = load(files, &contexts());
        assert!(!errors.is_empty(), "no error in {files:?}");
        shown.push_str(&format!("{}\n\n", show(&errors)));
    }
    insta::assert_snapshot!(shown);
}

#[test]
fn mistakes_in_a_manifest() {
    let rule = |rule: &str| format!(r#"{{"name": "test", "description": "", "files": [{rule}]}}"#);
    let manifests = [
        "{".to_owned(),
        r#"{"name": "test", "description": ""}"#.to_owned(),
        r#"{"name": "test", "description": "", "files": [], "extra": 1}"#.to_owned(),
        r#"{"name": "other", "description": "", "files": []}"#.to_owned(),
        r#"{"name": "test", "description": "", "files": [], "data": [1]}"#.to_owned(),
        rule(r#"{"per": "servise", "path": "x", "template": "file.hbs", "format": "yaml"}"#),
        rule(r#"{"per": "service", "path": "x", "template": "file.hbs", "format": "xml"}"#),
        rule(r#"{"per": "service", "path": "x", "template": "fil.hbs", "format": "yaml"}"#),
        rule(r#"{"per": "service", "path": "{nam}/x", "template": "file.hbs", "format": "yaml"}"#),
        rule(r#"{"per": "service", "path": "{doc}/x", "template": "file.hbs", "format": "yaml"}"#),
        rule(r#"{"per": "service", "path": "{name/x", "template": "file.hbs", "format": "yaml"}"#),
        rule(r#"{"per": "service", "path": "../{name}", "template": "file.hbs", "format": "yaml"}"#),
        rule(r#"{"per": "service", "path": "/{name}", "template": "file.hbs", "format": "yaml"}"#),
        rule(r#"{"per": "service", "path": "{name}", "template": "file.hbs", "format": "yaml", "when": "dok"}"#),
        rule(r#"{"per": "service", "path": "{name}", "template": "file.hbs", "format": "yaml", "when": "(eq"}"#),
    ];
    let mut shown = String::new();
    for manifest in &manifests {
        let (_, errors) =
            Target::load("test", &[("target.json", manifest), ("file.hbs", "a: 1\n")], &Samples::new(&contexts()));
        assert!(!errors.is_empty(), "no error in {manifest}");
        shown.push_str(&format!("{manifest}\n{}\n\n", show(&errors)));
    }
    let (target, errors) = Target::load("test", &[("file.hbs", "a: 1\n")], &Samples::new(&contexts()));
    assert!(target.is_none());
    shown.push_str(&show(&errors));
    insta::assert_snapshot!(shown);
}

#[test]
fn a_rule_with_a_mistake_is_left_out() {
    let (target, errors) =
        Target::load("test", &[("target.json", MANIFEST), ("file.hbs", "a: {{nmae}}\n")], &Samples::new(&contexts()));
    assert_eq!(errors.len(), 1);
    assert!(target.expect("the manifest is right").rules.is_empty());
}
