//! Prints how long rendering a typical YAML file takes, and the ratio to pushing the same pieces on a `String`.
//!
//! `cargo run --release -p idpc-emit --example render_speed`
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a tool for people at a terminal"
)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use idpc_emit::node::Node;
use idpc_emit::target::{Samples, Target};
use idpc_emit::template::Scratch;
use serde_json::json;

const TEMPLATE: &str = "apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{name}}
  namespace: {{namespace}}
  labels: {{labels}}
spec:
  replicas: {{service.replicas.min}}
  template:
    spec:
      serviceAccountName: {{name}}
      containers:
        - name: {{name}}
          image: {{#text}}{{repository}}/{{name}}:latest{{/text}}
          ports:
            - containerPort: {{service.port}}
          env:
            {{#each env_vars as |variable|}}
            - name: {{variable.name}}
              {{#if variable.value}}
              value: {{variable.value}}
              {{else if variable.secret}}
              valueFrom:
                secretKeyRef:
                  name: {{variable.secret.name}}
                  key: {{variable.secret.key}}
              {{/if}}
            {{/each}}
          resources:
            requests:
              cpu: {{service.cpu}}
              memory: {{service.memory.kubernetes}}
";

const RUNS: u32 = 100_000;

fn main() {
    let variables = (0..16).map(|number| match number % 3 {
        0 => json!({"name": format!("SECRET_{number}"), "value": null, "secret": {"name": "checkout-secrets", "key": format!("key-{number}")}}),
        _ => json!({"name": format!("VARIABLE_{number}"), "value": format!("http://backend-{number}.shop.svc:8080"), "secret": null}),
    });
    let context = json!({
        "name": "checkout", "namespace": "shop-dev", "repository": "ghcr.io/acme", "env_name": "dev", "golden_path": "web", "header": "Generated",
        "labels": {"app.kubernetes.io/name": "checkout", "app.kubernetes.io/part-of": "shop", "team": "payments", "environment": "dev"},
        "service": {"tier": "gold", "language": "go", "port": 8080, "replicas": {"min": 2, "max": 10}, "cpu": "250m", "memory": {"text": "256 MiB", "kubernetes": "256Mi"}},
        "env_vars": variables.collect::<Vec<_>>(),
    });
    let manifest = json!({"name": "speed", "description": "", "files": [{"per": "service", "path": "{name}.yaml", "template": "file.hbs", "format": "yaml"}]});
    let samples = Samples::new(&json!({"service": [context]}));
    let manifest = manifest.to_string();
    let (target, errors) = Target::load("speed", &[("target.json", &manifest), ("file.hbs", TEMPLATE)], &samples);
    assert!(errors.is_empty(), "{errors:?}");
    let target = target.expect("the target loads");
    let rule = target.rules.first().expect("the target has a rule");
    let node = Node::from(&context);
    let mut scratch = Scratch::default();
    let text = target.render(rule, &node, &mut scratch).expect("something is written").text;

    // The same text in as many pieces, without any decision.
    let pieces: Vec<&str> = text.split_inclusive([' ', '\n']).filter(|piece| !piece.trim().is_empty()).collect();
    let ours = best(|| drop(black_box(target.render(rule, black_box(&node), &mut scratch))));
    let plain = best(|| {
        let mut out = String::with_capacity(2048);
        for piece in black_box(&pieces) {
            out.push_str(piece);
        }
        black_box(out);
    });
    let values = TEMPLATE.matches("{{").count();
    println!("{} bytes, {} pieces, {values} tags in the template", text.len(), pieces.len());
    println!(
        "render: {ours:?}; pushing the same pieces: {plain:?}; ratio {:.1}",
        ours.as_secs_f64() / plain.as_secs_f64()
    );
}

/// The best mean of five rounds.
fn best(mut run: impl FnMut()) -> Duration {
    let rounds = (0..5).map(|_| {
        let start = Instant::now();
        for _ in 0..RUNS / 5 {
            run();
        }
        start.elapsed() / (RUNS / 5)
    });
    rounds.min().unwrap_or_default()
}
