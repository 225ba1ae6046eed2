//! Format strings as Go reads them, as far as Compositions use them.
//!
//! What Go would turn into a complaint inside the text (`%!d(string=x)`) is an error here.

use serde_json::{Number, Value};

/// `fmt.Sprintf`: the text with each verb replaced by its argument.
pub(crate) fn sprintf(format: &str, arguments: &[Value]) -> Result<String, String> {
    let mut out = String::with_capacity(format.len());
    let mut rest = format;
    let (mut next, mut indexed) = (0, false);
    while let Some((before, after)) = rest.split_once('%') {
        out.push_str(before);
        if let Some(after) = after.strip_prefix('%') {
            out.push('%');
            rest = after;
            continue;
        }
        let mut verb = after;
        if let Some(inside) = after.strip_prefix('[') {
            let (number, tail) = inside.split_once(']').ok_or_else(|| format!("`[` is never closed in `{format}`"))?;
            let number: usize = number.parse().map_err(|_| format!("`%[{number}]` names no argument"))?;
            next = number.checked_sub(1).ok_or("arguments are counted from 1")?;
            indexed = true;
            verb = tail;
        }
        let argument =
            arguments.get(next).ok_or_else(|| format!("there is no argument {} for `{format}`", next + 1))?;
        let mut letters = verb.chars();
        match (letters.next(), argument) {
            (Some('s' | 'v'), Value::String(text)) => out.push_str(text),
            (Some('v'), Value::Number(number)) => out.push_str(&general(number)),
            (Some('v' | 't'), Value::Bool(truth)) => out.push_str(if *truth { "true" } else { "false" }),
            (Some(letter), other) => return Err(format!("`%{letter}` does not write {other}")),
            (None, _) => return Err(format!("a verb is missing at the end of `{format}`")),
        }
        next += 1;
        rest = letters.as_str();
    }
    out.push_str(rest);
    if !indexed && next < arguments.len() {
        return Err(format!("`{format}` has no place for argument {}", next + 1));
    }
    Ok(out)
}

/// A number as `%v` writes it: every number reaches a function as a float, and Go takes the exponent from a million on.
fn general(number: &Number) -> String {
    let float = number.as_f64().unwrap_or_default();
    let scientific = format!("{float:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    if (-4..6).contains(&exponent) {
        return format!("{float}");
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.abs())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn verbs_take_their_arguments_in_order_or_by_number() {
        assert_eq!(sprintf("%s-%v%%", &[json!("a"), json!(5)]).unwrap(), "a-5%");
        assert_eq!(sprintf("%[2]s %[1]s %[2]s", &[json!("a"), json!("b")]).unwrap(), "b a b");
        assert_eq!(sprintf("%v %v", &[json!(true), json!(0.5)]).unwrap(), "true 0.5");
        assert_eq!(sprintf("%v", &[json!(1_000_000)]).unwrap(), "1e+06");
        assert_eq!(sprintf("%v", &[json!(1_234_567)]).unwrap(), "1.234567e+06");
        assert_eq!(sprintf("%v", &[json!(100_000)]).unwrap(), "100000");
        assert_eq!(sprintf("%v", &[json!(0.00001)]).unwrap(), "1e-05");
    }

    #[test]
    fn what_go_would_complain_about_is_an_error() {
        for (format, arguments) in [
            ("%s", json!([5])),
            ("%d", json!([5])),
            ("%s", json!([])),
            ("%s", json!(["a", "b"])),
            ("%[0]s", json!(["a"])),
            ("%[x]s", json!(["a"])),
            ("%", json!(["a"])),
        ] {
            let arguments: Vec<Value> = arguments.as_array().unwrap().clone();
            assert!(sprintf(format, &arguments).is_err(), "{format}");
        }
    }
}
