//! The permanent codes of what is wrong around the sources: `idp.toml`, files, and the output folder.

/// A rule that needs files to be judged; its code never changes its meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code {
    /// The code that users see.
    pub id: &'static str,
    /// The rule in one line.
    pub summary: &'static str,
}

macro_rules! codes {
    ($($name:ident = $id:literal $summary:literal;)+) => {
        $(pub(crate) const $name: &str = $id;)+

        /// Every code of this crate, sorted.
        pub const ALL: &[Code] = &[$(Code { id: $id, summary: $summary }),+];
    };
}

codes! {
    TOML = "IDP0701" "`idp.toml` does not follow the grammar of TOML";
    UNKNOWN_KEY = "IDP0702" "a key that `idp.toml` does not have";
    WRONG_TYPE = "IDP0703" "a value of another type than its key takes";
    EMPTY_VALUE = "IDP0704" "an empty value in `idp.toml`";
    MISSING_KEY = "IDP0705" "a key that `idp.toml` must have";
    WORKSPACE_NAME = "IDP0706" "a name that cannot be that of a workspace";
    EDITION = "IDP0707" "an edition that does not exist";
    PLATFORM_FOLDER = "IDP0708" "a platform folder outside of the workspace";
    OUT_FOLDER = "IDP0709" "an output folder that would hold the sources";
    TARGET_TWICE = "IDP0710" "a target listed twice";
    VERSION = "IDP0712" "text that is not a version";
    TOO_OLD = "IDP0713" "a workspace that needs a newer idpc";
    OUT_LINK = "IDP0714" "an output folder behind a link";
    PACKAGE_NAME = "IDP0715" "a name that cannot be that of a package";
    PACKAGE_FOLDER = "IDP0716" "a package whose folder does not exist";
    PACKAGE_PLACE = "IDP0717" "a folder that cannot be a package";
    PACKAGE_NEEDS = "IDP0718" "a package with packages of its own";
    NOT_AS_LOCKED = "IDP0719" "a vendored package that is not what `idp.lock` records";
    BAD_LOCK = "IDP0720" "an `idp.lock` that cannot be read";
    SOURCE_LINK = "IDP0721" "a source that is a link out of its workspace or package";
    UNREADABLE = "IDP0722" "a file that cannot be read";
    TOO_LARGE = "IDP0723" "a file larger than 1 MiB";
    NOT_UTF8 = "IDP0724" "a file that is not UTF-8";
    UNKNOWN_TARGET = "IDP0725" "a target that does not exist";
    EDITED = "IDP0801" "a generated file changed by hand";
    UNOWNED = "IDP0802" "a file that no build made where one would be written";
    OBSTACLE = "IDP0803" "a link or folder where a file would be written";
    NO_FOLDER = "IDP0804" "an output folder that is a link or a file";
    LOCKED = "IDP0805" "an output folder that another build is writing";
    BAD_MANIFEST = "IDP0806" "a manifest of the output that cannot be used";
    COLLISION = "IDP0807" "two files of the output that exclude each other";
    DISK = "IDP0808" "a disk that refused";
    LOST = "IDP0901" "an object with data that a build would remove";
    REPLACED = "IDP0902" "an object with data that a build would replace";
    MASS = "IDP0903" "more than ten objects that a build would remove";
    NARROWED = "IDP0904" "a schema that would refuse what committed claims use";
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn codes_are_sorted_unique_and_not_those_of_the_language() {
        let ids: Vec<&str> = ALL.iter().map(|code| code.id).collect();
        let sorted: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(ids, sorted.iter().copied().collect::<Vec<_>>());
        let language = idpc_model::code::Code::ALL.iter().map(|code| code.id());
        assert_eq!(language.filter(|id| sorted.contains(id)).count(), 0);
        assert!(ALL.iter().all(|code| !code.summary.is_empty()));
    }
}
