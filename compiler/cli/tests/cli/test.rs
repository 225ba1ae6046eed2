//! `idpc test`: what a platform team states about its own platform.

use crate::place::Place;

const PAGE: &str = r#"# The platform

## A database below 20 GiB is refused

```idp services/x/service.idp
service x : worker {
  owner    = payments
  language = go
  needs { db = postgres { storage = 5GiB } }   // error: [IDP0304] "5GiB"
}
```

## A claim carries the storage

```idp
service x : worker {
  owner    = payments
  language = go
  needs { db = postgres { storage = 30GiB } }
}
```

```artifact envs/prod/x/infra/claims.yaml contains
kind: Postgres
metadata:
  name: x-db
spec:
  storageGib: 30
```

```artifact envs/prod/checkout/infra/claims.yaml absent
```

```values
dev x.needs.db.storage = 30GiB
```

```graph prod
service x needs need x.db
service x owned by team payments
```

## Services of the workspace are there if they are asked for

```idp services/x/service.idp with-services
service x : worker {
  owner    = payments
  language = go
  calls { inventory }
}
```
"#;

fn place() -> Place {
    let place = Place::workspace();
    place.write("tests/platform.md", PAGE);
    place
}

#[test]
fn tests_that_hold_pass_from_anywhere_in_the_workspace() {
    let place = place();
    place.idpc("test").ends(0).prints_nothing().says("3 tests passed");
    place.run_in("services", "test", &[], None).ends(0).says("3 tests passed");
    place.idpc("test tests/platform.md").ends(0).says("3 tests passed");
    place.idpc("test --filter claim").ends(0).says("1 test passed");
    assert!(!place.has("out"), "tests write no output");
}

#[test]
fn a_failure_names_its_place_and_what_differs() {
    let place = place();
    let page = PAGE.replace("storageGib: 30\n", "storageGib: 31\n").replace("  // error: [IDP0304] \"5GiB\"", "");
    place.write("tests/platform.md", &page.replace("= 30GiB\n", "= 31GiB\n"));
    let run = place.idpc("test");
    run.ends(1).says("1 test passed, 2 failed");
    run.prints("failed: The platform / A database below 20 GiB is refused\n  ┌─ tests/platform.md:9\n");
    run.prints("not expected: services/x/service.idp:4:37: error[IDP0304]");
    run.prints("  │   - dev x.needs.db.storage = 31GiB\n  │   + dev x.needs.db.storage = 30GiB\n");
    run.prints("  │   -   storageGib: 31\n  │   +   storageGib: 30\n");
    place.idpc("test --format short").ends(1).prints("tests/platform.md:9: The platform / A database");
    place.idpc("test --format json").ends(1).prints("\"passed\":false");
    let junit = place.idpc("test --format junit");
    junit.ends(1).prints("<testsuites name=\"idpc\" tests=\"3\" failures=\"2\">");
}

#[test]
fn update_writes_blocks_anew_and_leaves_assertions_alone() {
    let place = place();
    let page = PAGE.replace("storageGib: 30\n", "storageGib: 31\n").replace("IDP0304", "IDP0301");
    place.write("tests/platform.md", &page);
    place.idpc("test --update").ends(1).prints("rewritten: tests/platform.md (1 block)").says("1 failed");
    assert_eq!(place.read("tests/platform.md"), PAGE.replace("IDP0304", "IDP0301"));
}

#[test]
fn diagnostics_are_pinned_as_a_terminal_shows_them() {
    let place = Place::workspace();
    place.write(
        "tests/a.md",
        "# A\n\n```idp x.idp\nservice x : worker { owner = nobody, language = go }\n```\n\n```output human\n```\n",
    );
    place.idpc("test --update").ends(0).prints("rewritten: tests/a.md (1 block)");
    place.idpc("test").ends(0);
    let shown = place.read("tests/a.md").split("```output human\n").nth(1).unwrap().replace("\n```\n", "\n\n");
    place.write("x.idp", "service x : worker { owner = nobody, language = go }\n");
    assert_eq!(place.idpc("check x.idp").out, shown);
}

#[test]
fn no_test_is_no_success() {
    let place = Place::workspace();
    place.idpc("test").ends(2).says("there is no folder `tests`");
    place.write("tests/a.md", "# Nothing\n\n```yaml\na: 1\n```\n");
    place.idpc("test").ends(2).says("no test in 1 page");
    place.write("tests/a.md", PAGE);
    place.idpc("test --filter zebra").ends(2).says("no test has `zebra`");
    place.idpc("test nowhere.md").ends(3).says("nowhere.md");
    Place::empty().idpc("test").ends(2).says("idp.toml");
}

#[test]
fn mistakes_of_pages_are_failures() {
    for (page, said) in [
        ("# A\n```idp\n", "the block that begins here never ends"),
        ("# A\n```idp\nteam a {}\n```\n```idp\nteam b {}\n```\n", "there are two files `main.idp`"),
        ("# A\n```idp\nteam a {}\n```\n```output long\n```\n", "an output is `short`, `full` or `human`"),
        ("# A\n```idp\nteam a {}\n```\n```values\n```\n", "the block names no value"),
        ("# A\n```idp\nteam a {}\n```\n```graph mars\n```\n", "there is no environment `mars`"),
        ("# A\n```idp\nteam a {} // error: no\n```\n", "an assertion names its code"),
        ("# A\n```values\nprod x.a = 1\n```\n", "no `idp` block says of what"),
        ("# A\n```idp\nteam a {}\n```\n```artifact x.yaml\n```\n", "`x.yaml` is not written"),
    ] {
        let place = Place::workspace();
        place.write("tests/a.md", page);
        place.idpc("test").ends(1).prints(said);
    }
}

#[test]
fn an_error_of_the_platform_is_reported_once() {
    let place = place();
    place.write("platform/teams.idp", "team payments {}\n\nteam shop { lead = 1 }\n");
    place.idpc("test").ends(1).prints("error[IDP0301]").says("1 error in the platform itself\nno test was run");
}

#[test]
fn a_test_may_lay_files_over_the_platform() {
    let place = Place::workspace();
    place.write(
        "tests/a.md",
        "# A\n```idp platform/more.idp\nextend worker { memory = 777MiB }\n```\n```idp\nservice x : worker { owner = shop, \
         language = go }\n```\n```values\nprod x.memory = 777MiB\n```\n",
    );
    place.idpc("test").ends(0);
}
