//! Programs that only a machine would write: each ends soon, with a finding or none, and never with a crash.

use idpc_testing::block::Block;
use idpc_testing::program::Depth;

use crate::found;

/// What is found in a program by itself.
fn codes(text: &str) -> Vec<String> {
    let block =
        Block { info: vec![String::from("idp")], text: format!("team t {{}}\n{text}\n"), line: 1, ..Block::default() };
    found([&block], Depth::Model).into_iter().map(|finding| finding.code).collect()
}

/// Lines made of a number each.
fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).map(|number| format!("{}\n", line(number))).collect()
}

#[test]
fn constants_in_the_worst_order() {
    let chain = lines(20_000, |n| format!("let a{n} = a{}", n + 1)) + "let a20000 = 1";
    assert_eq!(codes(&chain), Vec::<String>::new());
}

#[test]
fn a_ring_of_many_constants_is_one_mistake() {
    assert_eq!(codes(&lines(20_000, |n| format!("let a{n} = a{}", (n + 1) % 20_000))), ["IDP0112"]);
}

#[test]
fn lists_that_double() {
    let lists = "let a0 = [1, 1]\n".to_owned() + &lines(60, |n| format!("let a{} = [a{n}, a{n}]", n + 1));
    assert_eq!(codes(&lists), ["IDP0321"]);
}

#[test]
fn records_that_double() {
    let schemas = lines(40, |n| format!("schema s{n} {{ a : s{0}, b : s{0} }}", n + 1));
    let found = codes(&format!("{schemas}schema s40 {{ x : int = 1 }}"));
    assert!(!found.is_empty() && found.iter().all(|code| code == "IDP0321"), "{found:?}");
}

#[test]
fn records_inside_of_records() {
    let schemas = lines(300, |n| format!("schema s{n} {{ a : s{} }}", n + 1));
    let found = codes(&format!("{schemas}schema s300 {{ x : int = 1 }}"));
    assert!(!found.is_empty() && found.iter().all(|code| code == "IDP0321"), "{found:?}");
}

#[test]
fn a_ring_of_many_schemas_is_one_mistake() {
    assert_eq!(codes(&lines(1_000, |n| format!("schema s{n} {{ a : s{} }}", (n + 1) % 1_000))), ["IDP0202"]);
}

#[test]
fn many_ancestors() {
    let schemas = lines(3_000, |n| format!("schema s{n} : s{} {{ f{n} : int = {n} }}", n + 1));
    assert_eq!(codes(&format!("{schemas}schema s3000 : worker {{}}")), Vec::<String>::new());
}

#[test]
fn values_that_wait_for_each_other_in_a_long_line() {
    let config = lines(2_000, |n| format!("A{n} = config.A{}", n + 1));
    let service = format!("service x : worker {{\nowner = t\nlanguage = go\nconfig {{\n{config}A2000 = 1\n}}\n}}");
    assert_eq!(codes(&service), ["IDP0321"]);
}

#[test]
fn a_hundred_values_may_wait() {
    let config = lines(100, |n| format!("A{n} = config.A{}", n + 1));
    let service = format!("service x : worker {{\nowner = t\nlanguage = go\nconfig {{\n{config}A100 = 1\n}}\n}}");
    assert_eq!(codes(&service), Vec::<String>::new());
}

#[test]
fn a_path_without_end() {
    let path = ".lead".repeat(50_000);
    let text = format!(
        "extend team {{ lead : &team = t }}\nservice x : worker {{ owner = t, language = go, config {{ A = owner{path}.name }} }}"
    );
    assert_eq!(codes(&text), ["IDP0321"]);
}

#[test]
fn many_entries() {
    let config = lines(5_000, |n| format!("A{n} = \"x\""));
    let service = format!("service x : worker {{\nowner = t\nlanguage = go\nconfig {{\n{config}}}\n}}");
    assert_eq!(codes(&service), Vec::<String>::new());
}
