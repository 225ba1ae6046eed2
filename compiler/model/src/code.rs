//! The permanent codes of diagnostics.

use crate::diagnostic::Severity;

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $id:literal $severity:ident;)+) => {
        /// A rule of the language or of the platform; its code never changes its meaning.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code {
            /// A rule of the grammar; the syntax crate owns its code.
            Syntax(&'static str),
            $($(#[doc = $doc])+ $name,)+
        }

        impl Code {
            /// Every code but those of the grammar.
            pub const ALL: &'static [Code] = &[$(Code::$name),+];

            /// The code that users see.
            #[must_use]
            pub fn id(self) -> &'static str {
                match self {
                    Self::Syntax(id) => id,
                    $(Self::$name => $id,)+
                }
            }

            /// Whether a finding under this code refuses the program.
            #[must_use]
            pub fn severity(self) -> Severity {
                match self {
                    Self::Syntax(_) => Severity::Error,
                    $(Self::$name => Severity::$severity,)+
                }
            }

            /// The rule in one line.
            #[must_use]
            pub fn summary(self) -> &'static str {
                match self {
                    Self::Syntax(_) => "the text does not follow the grammar",
                    $(Self::$name => [$($doc),+][0].trim_ascii(),)+
                }
            }
        }
    };
}

codes! {
    /// a name that nothing declares
    UnknownName = "IDP0101" Error;
    /// a name declared twice
    DuplicateDeclaration = "IDP0102" Error;
    /// a type or schema that nothing declares
    UnknownType = "IDP0103" Error;
    /// a declaration that only the platform may make
    NotYourRole = "IDP0104" Error;
    /// a reference to something that nothing declares
    UnknownReference = "IDP0105" Error;
    /// a name that Kubernetes, DNS or the cloud would refuse
    InvalidName = "IDP0106" Error;
    /// an overlay for an environment that nothing declares
    UnknownEnvironment = "IDP0107" Error;
    /// a schema that hides one of the library or of a package
    HiddenSchema = "IDP0108" Warning;
    /// a constant with a reserved name
    ReservedName = "IDP0109" Error;
    /// a second platform
    SecondPlatform = "IDP0110" Error;
    /// an unknown team in a file that declares none
    AssumedTeam = "IDP0111" Warning;
    /// a constant that is not made of literals and constants
    NotConstant = "IDP0112" Error;
    /// a schema that is its own ancestor
    AncestorCycle = "IDP0201" Error;
    /// a schema that contains itself without end
    EndlessSchema = "IDP0202" Error;
    /// a refinement or child that allows more than what it refines
    Widened = "IDP0203" Error;
    /// a narrowing that leaves no value, or not the default
    EmptyNarrowing = "IDP0204" Error;
    /// an inherited field given another type
    Retyped = "IDP0205" Error;
    /// an annotation that does not exist or is used wrongly
    BadAnnotation = "IDP0206" Error;
    /// defaults that wait for each other
    DefaultCycle = "IDP0207" Error;
    /// two extensions that set one field
    ExtendedTwice = "IDP0208" Error;
    /// a refinement that does not fit its type
    BadRefinement = "IDP0209" Error;
    /// a field that its record does not have
    UnknownField = "IDP0301" Error;
    /// a field that must be set
    MissingField = "IDP0302" Error;
    /// a value of another type than its place
    WrongType = "IDP0303" Error;
    /// a value outside the allowed range or list
    OutsideRange = "IDP0304" Error;
    /// text that does not match its pattern
    PatternMismatch = "IDP0305" Error;
    /// an empty list where one needs elements
    EmptyList = "IDP0306" Error;
    /// an optional value where a value must stand
    MaybeUnset = "IDP0307" Error;
    /// an operator that does not take these operands
    BadOperands = "IDP0308" Error;
    /// arithmetic without a result
    BadArithmetic = "IDP0309" Error;
    /// one path set twice in one layer
    SetTwice = "IDP0310" Error;
    /// an entry amended that is not there
    NothingToAmend = "IDP0311" Error;
    /// a field that has one value for all environments
    OnceOnly = "IDP0312" Error;
    /// a field that the platform has locked
    Locked = "IDP0313" Error;
    /// a field that is on its way out
    Deprecated = "IDP0314" Warning;
    /// a rule of a schema that does not hold
    RuleBroken = "IDP0315" Error;
    /// a recommendation of a schema that does not hold
    RuleWarned = "IDP0316" Warning;
    /// values that wait for each other
    ValueCycle = "IDP0317" Error;
    /// an output used where only values known before deployment may stand
    OutputTooEarly = "IDP0318" Error;
    /// a secret that would leave its reference
    SecretFlow = "IDP0319" Error;
    /// text that is a credential
    Credential = "IDP0320" Error;
    /// work beyond the step budget
    BudgetExceeded = "IDP0321" Error;
    /// a field read across a reference that may not be
    ForbiddenPath = "IDP0322" Error;
    /// a kind that cannot be shared
    CannotShare = "IDP0323" Error;
    /// required calls that form a cycle
    CallCycle = "IDP0401" Error;
    /// a call to a service that listens on no port
    CallWithoutPort = "IDP0402" Error;
    /// a required call to a service that the environment does not have
    CalleeAbsent = "IDP0403" Error;
    /// an objective that one callee alone breaks
    ObjectiveBroken = "IDP0404" Error;
    /// an objective that the callees together may break
    ObjectiveAtRisk = "IDP0405" Warning;
    /// one host, name or role with two owners
    ClaimedTwice = "IDP0407" Error;
    /// an objective whose alert could never fire
    SilentObjective = "IDP0408" Warning;
    /// a warning silenced that does not occur
    UnusedAllow = "IDP0501" Warning;
    /// a comment that cannot silence a warning
    BadAllow = "IDP0502" Warning;
    /// an identity line that names nothing
    BadIdentity = "IDP0601" Error;
    /// a part of the language whose effect is not built yet
    NotBuiltYet = "IDP0602" Error;
    /// a workspace without a service
    NoServices = "IDP0751" Error;
    /// a setting that the platform must make
    UnsetPlatform = "IDP0752" Error;
    /// a delivery repository that is not set
    NoRepository = "IDP0753" Warning;
    /// a kind for which a target writes nothing
    UnwrittenKind = "IDP0754" Warning;
    /// a profile or form that a target does not have
    UnknownProfile = "IDP0755" Error;
    /// an environment that does not say where the cloud answers
    OpenCloud = "IDP0756" Warning;
    /// a label or an annotation that Kubernetes would refuse
    BadLabel = "IDP0757" Error;
}

impl Code {
    /// Whether the targets find it, and not the language.
    #[must_use]
    pub fn is_of_targets(self) -> bool {
        matches!(
            self,
            Self::UnsetPlatform
                | Self::NoRepository
                | Self::UnwrittenKind
                | Self::UnknownProfile
                | Self::OpenCloud
                | Self::BadLabel
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_sorted() {
        let ids: Vec<&str> = Code::ALL.iter().map(|code| code.id()).collect();
        let mut sorted = ids.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(ids, sorted);
    }

    #[test]
    fn every_code_has_a_summary() {
        assert!(Code::ALL.iter().all(|code| !code.summary().is_empty()));
    }
}
