//! What the user of an editor can choose, as editors send it.

use serde_json::Value;

use crate::message::{Hints, Settings, Sweeps};

/// What the settings stand under.
pub(super) const SECTION: &str = "idpc";

/// Reads the settings; what is left out, or is none of them, stays as it is by itself.
pub(super) fn settings(chosen: &Value) -> Settings {
    let off = |name: &str| chosen.get(name).and_then(Value::as_bool) == Some(false);
    Settings {
        hints: if off("inlayHints") { Hints::Hidden } else { Hints::Shown },
        sweeps: if off("checkWorkspace") { Sweeps::WhenAsked } else { Sweeps::ByItself },
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_not_said_stays() {
        assert_eq!(settings(&Value::Null), Settings::default());
        assert_eq!(settings(&json!({ "inlayHints": "off", "other": 1 })), Settings::default());
        let chosen = settings(&json!({ "inlayHints": false, "checkWorkspace": false }));
        assert_eq!(chosen, Settings { hints: Hints::Hidden, sweeps: Sweeps::WhenAsked });
    }
}
