//! What templates write.
#![expect(clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

mod harness;

use harness::{MANIFEST, contexts, full, load, read, render, show, sparse};
use idpc_emit::node::Node;
use idpc_emit::target::{Lifetime, Samples, Target, overlay};
use idpc_emit::template::Scratch;
use insta::assert_snapshot;
use serde_json::json;

#[test]
fn values_are_written_for_their_place() {
    let template = "
name: {{name}}
weight: {{weight}}
ratio: {{ratio}}
shared: {{shared}}
labels: {{labels}}
command: {{service.command}}
list:
  - {{name}}
  - {{labels}}
  - key: {{labels}}
  - - {{name}}
quoted:
  \"{{! nothing }}a b\": {{name}}
spliced:
  first: 1
  {{labels}}
  last: 2
";
    assert_snapshot!(full(template), @r#"

    name: checkout
    weight: 3
    ratio: 0.999
    shared: true
    labels:
      app.kubernetes.io/name: checkout
      "on": "yes"
    command:
      - serve
      - --all
    list:
      - checkout
      - app.kubernetes.io/name: checkout
        "on": "yes"
      - key:
          app.kubernetes.io/name: checkout
          "on": "yes"
      - - checkout
    quoted:
      "a b": checkout
    spliced:
      first: 1
      app.kubernetes.io/name: checkout
      "on": "yes"
      last: 2
    "#);
}

#[test]
fn an_empty_collection_leaves_correct_yaml() {
    let template =
        "labels: {{labels}}\nonly:\n  {{labels}}\nspliced:\n  {{labels}}\n  last: 1\ncommand: {{service.command}}\n";
    assert_snapshot!(sparse(template), @r"
    labels: {}
    only: {}
    spliced:
      last: 1
    command: []
    ");
}

#[test]
fn a_tag_alone_on_its_line_leaves_no_trace() {
    let template = "a: 1\n{{#if doc}}\nb: 2\n  {{else}}\nc: 3\n{{/if}}\n{{! a comment }}\n{{#if shared}}{{#if doc}}\nd: 4\n{{/if}}{{/if}}\ne: 5\n";
    assert_eq!(full(template), "a: 1\nb: 2\nd: 4\ne: 5\n");
    assert_eq!(sparse(template), "a: 1\nc: 3\ne: 5\n");
}

#[test]
fn conditions_choose() {
    let template = "a: {{#if (eq name \"cart\")}}cart{{else if (gt weight 2.5)}}heavy{{else}}light{{/if}}\n\
        b: {{#if (and doc service.port)}}both{{else}}not both{{/if}}\n\
        c: {{#if (or shared (ne env_name \"dev\"))}}yes{{else}}none{{/if}}\n\
        d: {{#unless doc}}none{{else}}{{doc}}{{/unless}}\n\
        e: {{#if (not service.port)}}closed{{else}}{{service.port}}{{/if}}\n\
        f: {{#if (lt ratio 1)}}below{{else}}above{{/if}}\n\
        g: {{#if 0}}{{/if}}\n";
    let template = template.replace("g: {{#if 0}}{{/if}}\n", "");
    assert_eq!(full(&template), "a: heavy\nb: both\nc: yes\nd: Takes orders.\ne: 8080\nf: below\n");
    assert_eq!(sparse(&template), "a: cart\nb: not both\nc: none\nd: none\ne: closed\nf: below\n");
}

#[test]
fn zero_is_true_and_nothing_is_false() {
    let mut contexts = contexts();
    for context in contexts["service"].as_array_mut().expect("services") {
        context["weight"] = json!(0);
        context["doc"] = json!("");
    }
    let texts =
        render(&[("file.hbs", "a: {{#if weight}}1{{else}}2{{/if}}\nb: {{#if doc}}1{{else}}2{{/if}}\n")], &contexts);
    assert!(texts[0].as_deref().is_some_and(|text| text.ends_with("a: 1\nb: 2\n")));
}

#[test]
fn loops_bind_names_and_know_where_they_are() {
    let template = "
{{#each env_vars as |variable index|}}
- name: {{variable.name}}
  index: {{index}}
  first: {{@first}}
  last: {{@last}}
{{else}}
- none
{{/each}}
";
    assert_snapshot!(full(template), @r"

    - name: A
      index: 0
      first: true
      last: false
    - name: B
      index: 1
      first: false
      last: true
    ");
    assert_eq!(sparse(template), "\n- none\n");
    let maps = "{{#each labels}}\n{{@key}}: {{this}}\n{{/each}}\n{{#each data.ports as |port name|}}\n{{name}}: {{port}}\n{{/each}}\nx: {{name}}\n";
    assert_eq!(full(maps), "app.kubernetes.io/name: checkout\n\"on\": \"yes\"\na: 1\nb: 2\nx: checkout\n");
}

#[test]
fn with_guards_and_binds() {
    let template = "{{#each env_vars as |v|}}\n{{#with v.secret as |secret|}}\n- {{secret.name}}\n- {{this.key}}\n- {{v.secret.key}}\n{{else}}\n- plain\n{{/with}}\n{{/each}}\nx: 1\n";
    let template = template.replace("x: 1\n", "");
    assert_eq!(full(&template), "- plain\n- s\n- k\n- k\n");
}

#[test]
fn a_field_of_any_name_can_be_read() {
    let template = "{{#if labels.[app.kubernetes.io/name]}}\na: {{labels.[app.kubernetes.io/name]}}\n{{/if}}\nb: 1\n";
    assert_eq!(full(template), "a: checkout\nb: 1\n");
    assert_eq!(sparse(template), "b: 1\n");
}

#[test]
fn string_blocks_build_one_text() {
    let template = "
image: {{#text}}ghcr.io/{{env_name}}/{{name}}:latest{{/text}}
joined: {{#text}}{{#each env_vars as |v|}}{{v.name}}{{#unless @last}}, {{/unless}}{{/each}}{{/text}}
script: {{#text}}
  set -eu
    indented
  {{#if doc}}
  documented
  {{/if}}
{{/text}}
list:
  - {{#text}}
      first
        second {{name}}
    {{/text}}
  - {{#text}}- {{name}}{{/text}}
ref: {{#text}}$\\{{ github.ref }}{{/text}}
plain: $\\{{ github.ref }}
";
    assert_snapshot!(full(template), @r#"

    image: ghcr.io/dev/checkout:latest
    joined: A, B
    script: |
      set -eu
        indented
      documented
    list:
      - |
        first
          second checkout
      - "- checkout"
    ref: ${{ github.ref }}
    plain: ${{ github.ref }}
    "#);
}

#[test]
fn a_script_may_read_the_data_of_its_target() {
    assert_eq!(full("run: {{#text}}install x@{{data.pin}}{{/text}}\n"), "run: install x@v1\n");
}

#[test]
fn sinks_escape_for_their_language() {
    let mut contexts = contexts();
    let context = &mut contexts["service"][0];
    context["doc"] = json!("it's \"a.b\" {{x}} <b> *c* $(d)\n\n# e");
    let template = "{{#if doc}}
promql: {{#promql}}up{a=\"{{doc}}\"} > {{ratio}}{{/promql}}
regex: {{#promql}}up{a=~\"{{doc}}\"}{{/promql}}
go: {{#gotemplate}}{{doc}}: \\{{ $value }}{{/gotemplate}}
json: {{#json}}
  { \"doc\": {{doc}},
    \"text\": \"<{{name}}>\",
    \"expr\": {{#promql}}up{a=\"{{name}}\"}{{/promql}},
    \"labels\": {{labels}} }
{{/json}}
shell: {{#shell}}echo {{doc}} {{service.command}}{{/shell}}
markdown: {{#markdown}}{{doc}} `{{doc}}` [x]({{doc}}){{/markdown}}
{{/if}}
";
    let text = render(&[("file.hbs", template)], &contexts).remove(0).expect("a text");
    assert_snapshot!(text, @r##"
    # Generated by idpc from service.idp (service checkout); do not edit.
    promql: up{a="it's \"a.b\" {{x}} <b> *c* $(d)\n\n# e"} > 0.999
    regex: up{a=~"it's \"a\\.b\" \\{\\{x\\}\\} <b> \\*c\\* \\$\\(d\\)\n\n# e"}
    go: |-
      it's "a.b" {{"{{"}}x}} <b> *c* $(d)

      # e: {{ $value }}
    json: |-
      {"doc":"it's \"a.b\" {{x}} <b> *c* $(d)\n\n# e","text":"<checkout>","expr":"up{a=\"checkout\"}","labels":{"app.kubernetes.io/name":"checkout","on":"yes"}}
    shell: |-
      echo 'it'\''s "a.b" {{x}} <b> *c* $(d)

      # e' serve --all
    markdown: "it's \"a.b\" {{x}} &lt;b&gt; \\*c\\* $(d) # e `it's \"a.b\" {{x}} <b> *c* $(d) # e` [x](it%27s%20%22a.b%22%20%7B%7Bx%7D%7D%20%3Cb%3E%20*c*%20$%28d%29%0A%0A#%20e)"
    "##);
}

#[test]
fn partials_are_indented_and_see_what_they_are_given() {
    let files = [
        (
            "file.hbs",
            "a:\n  b:\n    {{> block owner=team.name kind=\"x\"}}\n  c: 1\n{{> block owner=name}}\nd: {{#text}}v{{> suffix}}{{/text}}\n",
        ),
        ("partials/block.hbs", "owner: {{owner}}\n{{#if shared}}\nnested:\n  {{> leaf}}\n{{/if}}\n{{@}}\n"),
        ("partials/leaf.hbs", "name: {{name}}\n\nlabels:\n  {{labels}}\ntext: {{#text}}\n  a\n    b\n{{/text}}\n"),
        ("partials/suffix.hbs", "-{{name}}\n"),
    ];
    let files = files.map(|(path, text)| (path, text.replace("{{@}}\n", "")));
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    let text = render(&files, &contexts()).remove(0).expect("a text");
    assert_snapshot!(text, @r##"
    # Generated by idpc from service.idp (service checkout); do not edit.
    a:
      b:
        owner: payments
        nested:
          name: checkout

          labels:
            app.kubernetes.io/name: checkout
            "on": "yes"
          text: |
            a
              b
      c: 1
    owner: checkout
    nested:
      name: checkout

      labels:
        app.kubernetes.io/name: checkout
        "on": "yes"
      text: |
        a
          b
    d: v-checkout
    "##);
}

#[test]
fn partials_of_kinds_and_paths_are_chosen_by_the_nearest_ancestor() {
    let files = [
        (
            "file.hbs",
            "{{#each needs as |n|}}\n- {{n.name}}:\n    {{> kind/claim n}}\n    z: 1\n{{/each}}\n{{> kind/claims}}\n{{> path/workload}}\n",
        ),
        ("kinds/bucket/claim.hbs", "size: {{need.value.size}}\nname: {{need.name}}\n"),
        ("kinds/resource/claim.hbs", "generic: {{need.kind}}\n"),
        ("paths/service/workload.hbs", "- {{service.tier}}\n"),
    ];
    let files = files.map(|(path, text)| (path, text.replace("{{> kind/claims}}\n", "")));
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    let text = render(&files, &contexts()).remove(0).expect("a text");
    assert_snapshot!(text, @r##"
    # Generated by idpc from service.idp (service checkout); do not edit.
    - files:
        size: 10Gi
        name: files
        z: 1
    - jobs:
        generic: queue
        z: 1
    - gold
    "##);
}

#[test]
fn a_kind_without_a_partial_falls_back_or_writes_nothing() {
    let file = ("file.hbs", "a: 1\n{{#each needs as |n|}}\n{{> kind/claim n}}\n{{/each}}\n");
    let bucket = ("kinds/bucket/claim.hbs", "{{need.name}}: bucket\n");
    let alone = render(&[file, bucket], &contexts()).remove(0).expect("a text");
    assert!(alone.ends_with("\na: 1\nfiles: bucket\n"), "{alone}");
    let fallback = ("partials/claim.hbs", "{{need.name}}: {{need.kind}}\n");
    let with = render(&[file, bucket, fallback], &contexts()).remove(0).expect("a text");
    assert!(with.ends_with("\na: 1\nfiles: bucket\njobs: queue\n"), "{with}");
}

#[test]
fn empty_documents_are_dropped() {
    let template = "---\n{{#if doc}}\na: {{doc}}\n{{/if}}\n---\n# only a comment\n---\n{{#each needs as |n|}}\nb: {{n.name}}\n---\n{{/each}}\n";
    assert_eq!(full(template), "a: Takes orders.\n---\nb: files\n---\nb: jobs\n");
    let texts = render(&[("file.hbs", template)], &contexts());
    assert_eq!(texts[1], None, "a file without documents is not written");
}

#[test]
fn rules_decide_where_and_when() {
    let manifest = r##"{"name": "test", "description": "", "files": [
        {"per": "service", "path": "a/{env}/{name}.yaml", "template": "file.hbs", "format": "yaml", "when": "(and doc service.port)"},
        {"per": "service", "path": "{name}.md", "template": "doc.hbs", "format": "markdown"},
        {"per": "service", "path": "{name}.txt", "template": "list.hbs", "format": "text", "comment": ";"},
        {"per": "service", "path": "{name}.json", "template": "data.hbs", "format": "json", "once": true}]}"##;
    let files = [
        ("target.json", manifest),
        ("file.hbs", "a: {{doc}}\nb: {{service.port}}\n"),
        ("doc.hbs", "# {{name}}"),
        ("list.hbs", "{{name}} {{team.name}}\n"),
        ("data.hbs", "{\n  \"name\": {{name}},\n  \"labels\": {{labels}}\n}\n"),
    ];
    let contexts = contexts();
    let (target, errors) = Target::load("test", &files, &Samples::new(&contexts));
    assert!(errors.is_empty(), "{}", show(&errors));
    let target = target.expect("the target loads");
    let mut shown = String::new();
    for context in contexts["service"].as_array().expect("services") {
        for rule in &target.rules {
            match target.render(rule, &Node::from(context), &mut Scratch::default()) {
                Some(file) => shown.push_str(&format!("==> {}\n{}", file.path, file.text)),
                None => shown.push_str(&format!("==> nothing by {}\n", rule.template)),
            }
        }
    }
    assert_eq!(target.rules.last().map(|rule| rule.lifetime), Some(Lifetime::Once));
    assert_snapshot!(shown, @r##"
    ==> a/dev/checkout.yaml
    # Generated by idpc from service.idp (service checkout); do not edit.
    a: Takes orders.
    b: 8080
    ==> checkout.md
    <!-- Generated by idpc from service.idp (service checkout); do not edit. -->
    # checkout
    ==> checkout.txt
    ; Generated by idpc from service.idp (service checkout); do not edit.
    checkout payments
    ==> checkout.json
    {
      "name": "checkout",
      "labels": {"app.kubernetes.io/name":"checkout","on":"yes"}
    }
    ==> nothing by file.hbs
    ==> cart.md
    <!-- Generated by idpc from service.idp (service checkout); do not edit. -->
    # cart
    ==> cart.txt
    ; Generated by idpc from service.idp (service checkout); do not edit.
    cart shop
    ==> cart.json
    {
      "name": "cart",
      "labels": {}
    }
    "##);
}

#[test]
fn a_path_takes_only_plain_names() {
    let contexts = contexts();
    let (target, _) = load(&[("file.hbs", "a: 1\n")], &contexts);
    let target = target.expect("the target loads");
    let rule = target.rules.first().expect("a rule");
    for name in ["..", "a/b", "", ".git", "a b", "a\0", "\u{e9}"] {
        let mut context = contexts["service"][0].clone();
        context["name"] = json!(name);
        let rendered = target.render(rule, &Node::from(&context), &mut Scratch::default()).expect("a text");
        assert_eq!(rendered.faults.len(), 1, "{name}");
        assert_eq!(rendered.path, "");
    }
}

#[test]
fn data_of_another_shape_is_a_fault_at_its_place() {
    let contexts = contexts();
    let (target, errors) =
        load(&[("file.hbs", "a: 1\n{{#each needs as |n|}}\n- {{#text}}{{n.name}}{{/text}}\n{{/each}}\n")], &contexts);
    assert!(errors.is_empty(), "{}", show(&errors));
    let target = target.expect("the target loads");
    let rule = target.rules.first().expect("a rule");
    let mut context = contexts["service"][0].clone();
    context["needs"][1]["name"] = json!({"not": "text"});
    let rendered = target.render(rule, &Node::from(&context), &mut Scratch::default()).expect("a text");
    let faults: Vec<String> =
        rendered.faults.iter().map(|fault| format!("{}:{}: {}", fault.file, fault.pos.line, fault.message)).collect();
    assert_eq!(faults, ["file.hbs:3: a single value was expected"]);
}

#[test]
fn a_workspace_replaces_and_adds_files() {
    let base = [("target.json", MANIFEST), ("file.hbs", "a: {{> part}}\n"), ("partials/part.hbs", "{{name}}")];
    let over = [("partials/part.hbs", "{{env_name}}"), ("partials/new.hbs", "x: 1\n")];
    let files = overlay(&base, &over);
    assert_eq!(files.len(), 4);
    let (target, errors) = Target::load("test", &files, &Samples::new(&contexts()));
    assert!(errors.is_empty(), "{}", show(&errors));
    let target = target.expect("the target loads");
    let context = Node::from(&contexts()["service"][0]);
    let text = target.render(&target.rules[0], &context, &mut Scratch::default()).expect("a text").text;
    assert_eq!(read(&text), [json!({"a": "dev"})]);
}

#[test]
fn the_same_memory_serves_every_run() {
    let contexts = contexts();
    let (target, _) = load(&[("file.hbs", "a: {{name}}\nb: {{team.name}}\nc: {{labels}}\n")], &contexts);
    let target = target.expect("the target loads");
    let rule = target.rules.first().expect("a rule");
    // The same fields in another order, so that what is remembered is wrong each time.
    let mut turned = serde_json::Map::new();
    for (name, value) in contexts["service"][0].as_object().expect("an object").iter().rev() {
        turned.insert(name.clone(), value.clone());
    }
    let turned = Node::from(&serde_json::Value::Object(turned));
    let first = Node::from(&contexts["service"][0]);
    let mut scratch = Scratch::default();
    let expected = target.render(rule, &first, &mut Scratch::default());
    for node in [&first, &turned, &first, &turned] {
        assert_eq!(target.render(rule, node, &mut scratch), expected);
    }
}

#[test]
fn kinds_are_covered_silent_or_neither() {
    let manifest = MANIFEST.replace("\"data\"", "\"silent_kinds\": [\"queue\"], \"data\"");
    let files = [
        ("target.json", manifest.as_str()),
        ("file.hbs", "{{#each needs as |n|}}\n{{> kind/claim n}}\n{{/each}}\n"),
        ("kinds/bucket/claim.hbs", "a: 1\n"),
    ];
    let (target, errors) = Target::load("test", &files, &Samples::new(&contexts()));
    assert!(errors.is_empty(), "{}", show(&errors));
    let target = target.expect("the target loads");
    assert!(target.has_kind("bucket") && !target.is_silent("bucket"));
    assert!(!target.has_kind("queue") && target.is_silent("queue"));
}
