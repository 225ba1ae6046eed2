//! Who reaches a service and what a service reaches: by the settings of the platform, one object for each thing.

#![expect(clippy::unwrap_used, reason = "a test that cannot read its files has failed")]

use std::fs;

use idpc_driver::host::Host;

/// Services that answer outside, and one that needs the cloud and calls others.
const SERVICES: &str = r#"
team crew {}

service page : web {
  owner    = crew
  language = go
  port     = 8080
  needs { site = domain { host = "page.example.org" } }
}

service api : web {
  owner    = crew
  language = go
  port     = 9000
  protocol = grpc
  needs { site = domain { host = "api.example.org" } }
}

service copier : worker {
  owner    = crew
  language = go
  migrate  = ["/migrate"]
  metrics { port = 9464 }
  needs {
    files = bucket {}
    work  = queue {}
  }
  calls {
    press
    scanner
  }
}

service press : external { owner = crew, host = "api.press.example" }
service scanner : external { owner = crew, host = "198.51.100.20", port = 8443 }
"#;

/// What a workspace with these settings writes: every document of YAML, with its path, and the codes of what is found.
fn built(platform: &str, environment: &str) -> (Vec<(String, String)>, Vec<&'static str>) {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("platform")).unwrap();
    fs::write(folder.path().join("idp.toml"), "[workspace]\nname = \"reach\"\nedition = \"2026\"\n").unwrap();
    let settings = format!(
        "platform reach {{\n  api_group = \"platform.example.org\"\n  \
         gitops {{ repository = \"https://git.example.org/reach.git\" }}\n  {platform}\n}}\n\
         environment prod {{\n  stage = production\n  region = \"eu-central-1\"\n  account = \"111122223333\"\n  {environment}\n}}\n"
    );
    fs::write(folder.path().join("platform/platform.idp"), settings).unwrap();
    fs::write(folder.path().join("services.idp"), SERVICES).unwrap();
    let host = Host::load(folder.path()).unwrap();
    let examination = host.examine();
    assert!(examination.templates.is_empty(), "{:?}", examination.templates);
    let emission = host.emit(&examination.model, Some(&["kubernetes".to_owned(), "prometheus".to_owned()]));
    assert!(emission.errors.is_empty(), "{:?}", emission.errors);
    let documents = emission.artifacts.iter().filter(|file| file.path.as_str().ends_with(".yaml")).flat_map(|file| {
        let text = file.text.text().unwrap();
        text.split("\n---\n")
            .map(|document| (file.path.to_string(), format!("{}\n", document.trim_end())))
            .collect::<Vec<_>>()
    });
    (documents.collect(), examination.diagnostics.iter().map(|finding| finding.code.id()).collect())
}

/// The documents of one kind and name.
fn named(documents: &[(String, String)], kind: &str, name: &str) -> Vec<String> {
    let matching = documents.iter().filter(|(_, document)| {
        document.lines().any(|line| line == format!("kind: {kind}"))
            && document.contains(&format!("\nmetadata:\n  name: {name}\n"))
    });
    matching.map(|(_, document)| document.clone()).collect()
}

/// The one document of a kind and name.
fn one(documents: &[(String, String)], kind: &str, name: &str) -> String {
    let found = named(documents, kind, name);
    assert_eq!(found.len(), 1, "{kind} {name}");
    found.concat()
}

#[test]
fn an_environment_that_names_no_address_is_warned_once_and_stays_open() {
    let (documents, codes) = built("", "");
    assert_eq!(codes, ["IDP0756"]);
    for need in ["files", "work"] {
        let policy = one(&documents, "NetworkPolicy", &format!("copier-to-{need}"));
        assert!(policy.contains("    - ports:\n        - protocol: TCP\n          port: 443\n"), "{policy}");
        assert!(policy.contains("cidr: 169.254.170.23/32"), "{policy}");
    }
}

#[test]
fn addresses_of_the_cloud_are_all_that_is_open_to_it() {
    let (documents, codes) = built("", "network { cloud_cidrs = [\"10.1.0.0/16\", \"10.2.0.0/16\"] }");
    assert!(codes.is_empty(), "{codes:?}");
    for need in ["files", "work"] {
        let policy = one(&documents, "NetworkPolicy", &format!("copier-to-{need}"));
        assert_eq!(policy.matches("port: 443").count(), 1);
        assert!(policy.contains("    - to:\n        - ipBlock:\n            cidr: 10.1.0.0/16\n        - ipBlock:\n            cidr: 10.2.0.0/16\n      ports:\n        - protocol: TCP\n          port: 443\n"), "{policy}");
    }
    let out = one(&documents, "NetworkPolicy", "copier-out");
    assert!(
        out.contains("cidr: 198.51.100.20/32\n      ports:\n        - protocol: TCP\n          port: 8443\n"),
        "{out}"
    );
}

#[test]
fn under_cilium_hosts_are_opened_by_name_alone() {
    let (documents, codes) = built("network { policies = cilium }", "");
    assert!(codes.is_empty(), "{codes:?}");
    for (need, names) in [
        (
            "files",
            "        - matchName: s3.eu-central-1.amazonaws.com\n        - matchName: copier-files-prod-111122223333.s3.eu-central-1.amazonaws.com\n",
        ),
        ("work", "        - matchName: sqs.eu-central-1.amazonaws.com\n"),
    ] {
        let policy = one(&documents, "CiliumNetworkPolicy", &format!("copier-to-{need}"));
        assert!(policy.contains(&format!("    - toFQDNs:\n{names}      toPorts:\n")), "{policy}");
        assert!(policy.contains("    - toEntities:\n        - host\n"), "{policy}");
        // The migration needs what its service needs.
        assert!(policy.contains("          - copier-migrate\n"), "{policy}");
    }
    let hosts = one(&documents, "CiliumNetworkPolicy", "copier-hosts");
    assert!(hosts.contains("        - matchName: api.press.example\n"), "{hosts}");
    assert!(hosts.contains("    - toCIDR:\n        - 198.51.100.20/32\n"), "{hosts}");
    assert!(hosts.contains("          rules:\n            dns:\n              - matchPattern: \"*\"\n"), "{hosts}");
    // Another rule for the port of names would switch off what Cilium learns; no NetworkPolicy knows hosts outside.
    for (_, policy) in documents.iter().filter(|(_, document)| document.contains("\nkind: NetworkPolicy\n")) {
        assert!(
            !policy.contains("port: 53") && !policy.contains("ipBlock") && !policy.contains("port: 443"),
            "{policy}"
        );
    }
}

/// How many objects write the record and the certificate of a host.
fn writers(documents: &[(String, String)], host: &str) -> (usize, usize) {
    let of = |kind: &str| {
        let kind = format!("kind: {kind}");
        let documents = documents.iter().filter(move |(_, document)| document.lines().any(|line| line == kind));
        documents.filter(|(_, document)| document.contains(&format!(" {host}\n"))).map(|(_, document)| document)
    };
    // ExternalDNS reads every route but those that name another controller.
    let routes = of("HTTPRoute").chain(of("GRPCRoute")).chain(of("Ingress"));
    let records = routes.filter(|route| !route.contains("external-dns.alpha.kubernetes.io/controller: none"));
    // cert-manager makes a certificate of its own for an Ingress with one of its annotations.
    let certificates = of("Certificate").chain(of("Ingress").filter(|route| route.contains("cert-manager.io/")));
    (records.count(), certificates.count())
}

#[test]
fn each_record_and_each_certificate_has_one_writer_or_none() {
    for routes in ["gateway_api", "ingress"] {
        for (dns, records) in [("external_dns", 1), ("none", 0)] {
            for (signer, certificates) in [("cert_manager", 1), ("none", 0)] {
                let (documents, _) = built(
                    &format!(
                        "gateway {{\n    routes = {routes}\n    dns = {dns}\n    certificates = {signer}\n    \
                         grpc.\"controller.example/protocol\" = \"GRPC\"\n  }}"
                    ),
                    "",
                );
                for (service, host) in [("page", "page.example.org"), ("api", "api.example.org")] {
                    assert_eq!(writers(&documents, host), (records, certificates), "{routes} {dns} {signer}: {host}");
                    let name = format!("{service}-site");
                    let kinds = ["HTTPRoute", "GRPCRoute", "Ingress"];
                    let routes_of: Vec<&str> =
                        kinds.into_iter().filter(|kind| !named(&documents, kind, &name).is_empty()).collect();
                    let expected = match (routes, service) {
                        ("ingress", _) => "Ingress",
                        (_, "api") => "GRPCRoute",
                        _ => "HTTPRoute",
                    };
                    assert_eq!(routes_of, [expected]);
                    // Where a certificate is made for an Ingress, it is the one that the Ingress shows.
                    let shown =
                        named(&documents, "Ingress", &name).concat().contains(&format!("secretName: {name}-tls"));
                    assert_eq!(shown, routes == "ingress" && certificates == 1);
                    // The Secret lies beside the service; only a Gateway elsewhere needs to be let in.
                    let granted = named(&documents, "ReferenceGrant", &format!("{name}-tls")).len();
                    assert_eq!(granted, usize::from(routes == "gateway_api") * certificates);
                    let inside = one(&documents, "NetworkPolicy", &format!("{service}-in"));
                    assert!(inside.contains("kubernetes.io/metadata.name: gateway\n"), "{inside}");
                }
            }
        }
    }
}

#[test]
fn an_ingress_to_grpc_says_so_or_is_refused() {
    let settings = |more: &str| format!("gateway {{\n    routes = ingress\n    class = \"public\"\n    {more}\n  }}");
    let (_, codes) = built(&settings(""), "network { cloud_cidrs = [\"10.1.0.0/16\"] }");
    assert_eq!(codes, ["IDP0315"]);
    let (documents, codes) = built(
        &settings("grpc.\"controller.example/protocol\" = \"GRPC\""),
        "network { cloud_cidrs = [\"10.1.0.0/16\"] }",
    );
    assert!(codes.is_empty(), "{codes:?}");
    let grpc = one(&documents, "Ingress", "api-site");
    assert!(
        grpc.contains("    controller.example/protocol: GRPC\n") && grpc.contains("                  name: grpc\n"),
        "{grpc}"
    );
    let http = one(&documents, "Ingress", "page-site");
    assert!(!http.contains("annotations:") && http.contains("  ingressClassName: public\n"), "{http}");
}

#[test]
fn a_worker_without_a_service_is_watched_by_its_pods() {
    let (documents, _) = built("", "");
    let monitor = one(&documents, "PodMonitor", "copier");
    assert!(monitor.contains("    - port: metrics\n"), "{monitor}");
    assert!(
        named(&documents, "Service", "copier").is_empty() && named(&documents, "ServiceMonitor", "copier").is_empty()
    );
    let inside = one(&documents, "NetworkPolicy", "copier-in");
    assert!(inside.contains("kubernetes.io/metadata.name: monitoring\n") && inside.contains("port: 9464"), "{inside}");
}
