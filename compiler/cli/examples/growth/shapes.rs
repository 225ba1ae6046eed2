//! Programs that grow in one way each.
//!
//! Read by the benchmark, which measures them, and by a test, which counts their steps.

/// A way in which a program can grow.
pub struct Shape {
    /// What there is more and more of.
    pub name: &'static str,
    /// The sizes of the benchmark, each the double of the one before it.
    pub sizes: &'static [usize],
    /// The program of a size; of size 0 it is what all of them have in common.
    pub program: fn(usize) -> Program,
    /// The code of the only mistake in it, if there is any.
    pub mistake: Option<&'static str>,
}

/// The files of a program and how often all of it is evaluated.
pub struct Program {
    /// Paths and texts.
    pub files: Vec<(String, String)>,
    /// How many environments it has.
    pub environments: usize,
}

impl Program {
    /// What the growth is measured against: the bytes of its sources, once for each environment.
    #[must_use]
    pub fn extent(&self) -> usize {
        self.files.iter().map(|(_, text)| text.len()).sum::<usize>() * self.environments
    }
}

/// All of them.
pub const SHAPES: &[Shape] = &[
    Shape { name: "nesting of records", sizes: &[3, 6, 12, 24, 48], program: nesting, mistake: None },
    Shape { name: "fields of a record", sizes: &[400, 800, 1600, 3200, 6400], program: width, mistake: None },
    Shape { name: "chain of defaults", sizes: &[400, 800, 1600, 3200, 6400], program: defaults, mistake: None },
    Shape { name: "extensions of a schema", sizes: &[400, 800, 1600, 3200, 6400], program: extensions, mistake: None },
    Shape { name: "chain of parents", sizes: &[200, 400, 800, 1600, 3200], program: parents, mistake: None },
    Shape { name: "services", sizes: &[250, 500, 1000, 2000, 4000], program: services, mistake: None },
    Shape { name: "environments", sizes: &[4, 8, 16, 32, 64], program: environments, mistake: None },
    Shape { name: "elements of a list", sizes: &[2000, 4000, 8000, 16_000, 32_000], program: list, mistake: None },
    Shape {
        name: "interpolations of a text",
        sizes: &[500, 1000, 2000, 4000, 8000],
        program: interpolations,
        mistake: None,
    },
    Shape { name: "entries of a map", sizes: &[500, 1000, 2000, 4000, 8000], program: entries, mistake: None },
    Shape { name: "calls, every pair", sizes: &[8, 16, 32, 64, 128], program: calls, mistake: None },
    Shape { name: "users of a shared resource", sizes: &[125, 250, 500, 1000, 2000], program: shared, mistake: None },
    Shape { name: "moved names", sizes: &[25, 50, 100, 200, 400], program: moves, mistake: None },
    Shape { name: "silenced warnings", sizes: &[125, 250, 500, 1000, 2000], program: silenced, mistake: None },
    Shape { name: "misspelt names", sizes: &[125, 250, 500, 1000, 2000], program: misspelt, mistake: Some("IDP0105") },
    Shape {
        name: "ring of required calls",
        sizes: &[125, 250, 500, 1000, 2000],
        program: ring,
        mistake: Some("IDP0401"),
    },
];

/// Programs that take other languages exponentially long, written in idp.
pub const BLOW_UPS: &[Shape] = &[
    // kcl#2113: each level of nested schemas doubles the time of validation; 9.4 s at depth 24.
    Shape { name: "validation of nested schemas (kcl#2113)", sizes: &[12, 24, 48], program: nesting, mistake: None },
    // cue#3307: choices with a default, each of which depends on the one before it.
    Shape {
        name: "chained choices with defaults (cue#3307)",
        sizes: &[500, 1000, 2000],
        program: choices,
        mistake: None,
    },
];

const TEAM: &str = "team t {}\n";

fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).map(|number| format!("{}\n", line(number))).collect()
}

/// One file, in the three environments of the library.
fn file(text: &str) -> Program {
    Program { files: vec![(String::from("platform/main.idp"), format!("{TEAM}{text}"))], environments: 3 }
}

fn worker(body: &str) -> String {
    format!("service x : worker {{\nowner = t\nlanguage = go\n{body}}}\n")
}

/// Each level has a default, a rule and a setting.
fn nesting(depth: usize) -> Program {
    if depth == 0 {
        return file(&worker(""));
    }
    let schemas = lines(depth, |n| {
        let below = if n + 1 < depth { format!(", below : level{}", n + 1) } else { String::new() };
        format!("schema level{n} {{ x : int = 1, y : int = x + 1{below}, require y > x : \"y is the larger one\" }}")
    });
    let open = "below { x = 2\n".repeat(depth - 1);
    let close = "}".repeat(depth - 1);
    file(&format!(
        "{schemas}extend worker {{ top : level0 }}\n{}",
        worker(&format!("top {{ x = 2\n{open}{close} }}\n"))
    ))
}

fn width(fields: usize) -> Program {
    let schema = format!("schema wide {{\n{}}}\n", lines(fields, |n| format!("field{n} : int = 1")));
    let set = lines(fields, |n| format!("field{n} = 2"));
    file(&format!("{schema}extend worker {{ wide : wide }}\n{}", worker(&format!("wide {{\n{set}}}\n"))))
}

fn defaults(fields: usize) -> Program {
    let chain = lines(fields, |n| match n {
        0 => String::from("field0 : int = 1"),
        _ => format!("field{n} : int = field{} + 1", n - 1),
    });
    file(&format!("schema chain {{\n{chain}}}\nextend worker {{ chain : chain }}\n{}", worker("")))
}

fn choices(fields: usize) -> Program {
    let chain = lines(fields, |n| match n {
        0 => String::from("choice0 : \"a\" | \"b\" = \"a\""),
        _ => format!("choice{n} : \"a\" | \"b\" = if choice{0} == \"a\" then \"b\" else choice{0}", n - 1),
    });
    file(&format!("schema chain {{\n{chain}}}\nextend worker {{ chain : chain }}\n{}", worker("")))
}

fn extensions(count: usize) -> Program {
    file(&format!("{}{}", lines(count, |n| format!("extend worker {{ field{n} : int = {n} }}")), worker("")))
}

fn parents(count: usize) -> Program {
    let schemas = lines(count, |n| match n {
        0 => String::from("schema kin0 : worker { size : int = 1 }"),
        _ => format!("schema kin{n} : kin{} {{ size = {n} }}", n - 1),
    });
    let youngest = if count == 0 { String::from("worker") } else { format!("kin{}", count - 1) };
    file(&format!("{schemas}service x : {youngest} {{ owner = t, language = go }}\n"))
}

/// One file each, as in a workspace.
fn services(count: usize) -> Program {
    let mut program = file("");
    program.files.extend((0..count).map(|n| {
        let text = format!(
            "service s{n} : web {{\nowner = t\nlanguage = go\nport = 8080\nneeds {{ db = postgres {{ storage = {}GiB }} }}\nconfig {{ NUMBER = {n}, URL = needs.db.url }}\n}}\n",
            20 + n % 100
        );
        (format!("services/s{n}.idp"), text)
    }));
    program
}

/// The services are the same, so the extent grows with the environments.
fn environments(count: usize) -> Program {
    let environments = lines(count.max(1), |n| format!("environment e{n} {{ stage = development }}"));
    let services = lines(20, |n| {
        let overlay = if count == 0 { String::new() } else { format!("in e{} {{ config.A = 2 }}\n", n % count) };
        format!("service s{n} : worker {{\nowner = t\nlanguage = go\nconfig {{ A = 1 }}\n{overlay}}}")
    });
    let mut program = file(&format!("{environments}{services}"));
    program.environments = count.max(1);
    program
}

fn list(elements: usize) -> Program {
    let items = lines(elements, |n| format!("{n},"));
    file(&format!("extend worker {{ items : [int] = [{items}] }}\n{}", worker("")))
}

fn interpolations(count: usize) -> Program {
    let text = "${config.A} and ".repeat(count);
    file(&worker(&format!("config {{\nA = \"some words\"\nB = \"{text}\"\n}}\n")))
}

fn entries(count: usize) -> Program {
    let config = lines(count, |n| match n {
        0 => String::from("A0 = 1"),
        _ => format!("A{n} = config.A{}", n - 1),
    });
    file(&worker(&format!("config {{\n{config}}}\n")))
}

fn web(name: &str, body: &str) -> String {
    format!("service {name} : web {{ owner = t, language = go, port = 8080\n{body}}}\n")
}

/// Half of the services call every one of the other half.
fn calls(half: usize) -> Program {
    let called = lines(half, |n| web(&format!("below{n}"), ""));
    let every = lines(half, |n| format!("below{n} {{ timeout = 1s }}"));
    let config = lines(half, |n| format!("URL{n} = calls.below{n}.url"));
    let body = format!("calls {{\n{every}}}\nconfig {{\n{config}}}\n");
    file(&format!("{called}{}", lines(half, |n| web(&format!("above{n}"), &body))))
}

fn shared(users: usize) -> Program {
    let users = lines(users, |n| {
        web(&format!("s{n}"), "needs { news = daily { access = read } }\nconfig { NEWS = needs.news.arn }\n")
    });
    file(&format!("resource daily : topic {{ owner = t }}\n{users}"))
}

fn moves(count: usize) -> Program {
    let needs = lines(count, |n| format!("new{n} = secret {{ key = \"k{n}\" }}"));
    let moved = lines(count, |n| format!("moved x.needs.new{n} {{ from = x.needs.old{n} }}"));
    file(&format!("{}{moved}", worker(&format!("needs {{\n{needs}}}\n"))))
}

fn silenced(count: usize) -> Program {
    let services = lines(count, |n| {
        format!(
            "service s{n} : worker {{ owner = t, language = go\n// idp:allow IDP0316 because it stays small\nsmall = 1 }}"
        )
    });
    file(&format!("extend worker {{ small : int = 2, warn small > 1 : \"this is small\" }}\n{services}"))
}

fn misspelt(count: usize) -> Program {
    let called = lines(count, |n| web(&format!("service-number-{n}"), ""));
    let calling = lines(count, |n| {
        web(&format!("caller-number-{n}"), &format!("calls {{ servise-number-{n} {{ timeout = 1s }} }}\n"))
    });
    file(&format!("{called}{calling}"))
}

fn ring(count: usize) -> Program {
    file(&lines(count, |n| web(&format!("s{n}"), &format!("calls {{ s{} {{ timeout = 1s }} }}\n", (n + 1) % count))))
}
