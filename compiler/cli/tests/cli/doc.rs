//! `idpc doc`: the reference of a workspace.

use crate::place::Place;

/// A workspace whose platform declares, narrows and documents.
fn place() -> Place {
    let place = Place::workspace();
    place.write(
        "platform/kinds.idp",
        "let most = 35d\n\n/// A database whose every statement is recorded.\n///\n/// For `finance`.\n///\n/// ```idp\n/// team \
         finance {}\n///\n/// service ledger : worker {\n///   owner    = finance\n///   language = go\n///   needs { db = audited \
         {} }\n/// }\n/// ```\nschema audited : postgres {\n  backup_retention : duration in 7d..35d = most\n}\n\n/// Disks are \
         dear this year.\nextend postgres { storage : size in 20GiB..1TiB }\n\nextend web { replicas = 2..6 @locked(\"capacity \
         review\", except = [checkout]) }\n\n/// A *star* <b>bold</b> | [link](x).\nschema risky : resource {\n  /// A \
         code: `CC-0001`.\n  code : string matching \"^CC-[0-9]{4}$\"\n  require code != \"CC-9999\" : \"<script> & co\"\n}\n",
    );
    place
}

#[test]
fn the_reference_is_written_and_then_up_to_date() {
    let place = place();
    place.idpc("doc --check").ends(1).prints("new kinds/audited.md\n");
    assert!(!place.has("docs"));
    place.idpc("doc").ends(0).prints_nothing();
    place.idpc("doc --check").is_clean();
    place.run_in("services", "doc", &[], None).ends(0).says(" 0 written");
    let before = place.files();
    place.idpc("doc").ends(0);
    assert_eq!(before, place.files());
}

#[test]
fn a_page_says_who_set_what_and_why() {
    let place = place();
    place.idpc("doc").ends(0);
    let page = place.read("docs/reference/kinds/audited.md");
    for part in [
        "# `audited`\n\nA database whose every statement is recorded.\n",
        "- Declared by the platform: `platform/kinds.idp:16`\n- Parent: [`postgres`](postgres.md)",
        "service ledger : worker {",
        "Default: `most`, which is `35d`",
        "`duration in 7d..35d`, from `7d` to `35d`; units: ms, s, m, h, d, w",
    ] {
        assert!(page.replace("../kinds/", "").contains(part), "{part}\n---\n{page}");
    }
    let page = place.read("docs/reference/kinds/postgres.md");
    let step = "An extension of `postgres` narrows to `size in 20GiB..1TiB` (`platform/kinds.idp:21`): Disks are dear this year.";
    assert!(page.contains(step), "{page}");
    let rule = "- **Error unless** `env.stage != production or backup_retention >= 7d`: production databases keep";
    assert!(page.contains(rule), "{page}");
    assert!(page.contains("Children: [`audited`]"), "{page}");
    let page = place.read("docs/reference/paths/web.md");
    assert!(
        page.contains("`@locked`: nobody may set it: capacity review; these may set it all the same: checkout"),
        "{page}"
    );
    assert!(page.contains("service checkout : web {"), "{page}");
}

#[test]
fn an_example_that_the_platform_refuses_is_made_anew() {
    let place = Place::workspace();
    place.write("platform/teams.idp", "extend team { cost_center : string matching \"^CC-[0-9]{4}$\" }\n");
    place.write("platform/path.idp", "/// Ours.\nschema ours : web { shards : int in 5..9 }\n");
    place.idpc("doc").ends(0);
    let page = place.read("docs/reference/paths/web.md");
    let made =
        "team example-team {\n  cost_center = \"CC-0000\"\n}\n\nservice example : web {\n  owner = example-team\n";
    assert!(page.contains(made), "{page}");
    assert!(place.read("docs/reference/paths/ours.md").contains("  shards = 5\n"));
}

#[test]
fn text_of_users_stays_text() {
    let place = place();
    place.idpc("doc").ends(0);
    let page = place.read("docs/reference/kinds/risky.md");
    assert!(page.contains("A \\*star\\* \\<b\\>bold\\</b\\> \\| \\[link\\](x)."), "{page}");
    assert!(page.contains("\\<script\\> &amp; co"), "{page}");
    assert!(page.contains("code = \"CC-0001\""), "{page}");
    let page = place.read("docs/reference/index.html");
    assert!(page.contains("&lt;b&gt;bold&lt;/b&gt;") && page.contains("&lt;script&gt; &amp; co"));
    assert!(!page.contains("<script") && !page.contains("<b>") && !page.contains("<link") && !page.contains("src="));
}

#[test]
fn stale_pages_go_and_those_of_others_stay() {
    let place = place();
    place.idpc("doc").ends(0);
    place.write("docs/reference/kinds/mine.md", "# Mine\n");
    let kinds = place.read("platform/kinds.idp");
    place.write("platform/kinds.idp", kinds.split("/// A *star*").next().unwrap());
    place.idpc("doc --check").ends(1).prints("stale kinds/risky.md");
    place.idpc("doc").ends(0);
    assert!(!place.has("docs/reference/kinds/risky.md") && place.has("docs/reference/kinds/mine.md"));
    place.write("docs/reference/README.md", "# Mine\n");
    place.idpc("doc").ends(2).says("did not write README.md");
    assert_eq!(place.read("docs/reference/README.md"), "# Mine\n");
}

#[test]
fn an_example_that_does_not_compile_stops_the_reference() {
    let place = place();
    let kinds = place
        .read("platform/kinds.idp")
        .replace("needs { db = audited {} }", "needs { db = audited { storage = 1GiB } }");
    place.write("platform/kinds.idp", &kinds);
    place.idpc("doc").ends(1).says("the example of `audited` does not compile").says("IDP0304");
    assert!(!place.has("docs"));
}

#[test]
fn the_reference_never_lies_in_the_output() {
    let place = place();
    place.idpc("doc --out out/reference").ends(2).says("cannot lie in the output folder");
    place.idpc("doc --out services/../out").ends(2).says("cannot lie in the output folder");
    place.idpc("doc --out site").ends(0);
    assert!(place.has("site/index.html"));
    Place::empty().idpc("doc").ends(2);
}
