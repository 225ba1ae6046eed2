//! Texts to try: sound programs in any layout, and soups of tokens.

use proptest::prelude::*;

/// Pieces of programs, so that random texts get deep into the grammar.
const PIECES: &[&str] = &[
    "service",
    "resource",
    "schema",
    "enum",
    "extend",
    "let",
    "moved",
    "removed",
    "team",
    "in",
    "if",
    "then",
    "else",
    "and",
    "or",
    "not",
    "true",
    "none",
    "self",
    "output",
    "require",
    "warn",
    "map",
    "secret",
    "matching",
    "nonempty",
    "name",
    "order-paid",
    "a.b",
    "\"text\"",
    "\"${a.b}\"",
    "\"${a.\"x\"}\"",
    "\"open",
    "\"\"\"",
    "\"\"\"\n  x\n  \"\"\"",
    "42",
    "3.5",
    "1..5",
    "50GiB",
    "1h30m",
    "2027-03-31",
    "99.9%",
    "007",
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "<",
    ">",
    "=",
    "==",
    "!=",
    "<=",
    ":",
    ":=",
    ",",
    ";",
    ".",
    "..",
    "??",
    "?",
    "@",
    "&",
    "&&",
    "|",
    "||",
    "!",
    "+",
    "-",
    "*",
    "/",
    "// note",
    "/// doc",
    "# note",
    "/* x */",
    "/*",
    "// idp:allow IDP0001 because x",
    "é",
    "“x”",
    "'x'",
    "\u{202e}",
    "\u{a0}",
    "\\",
    "$",
    "`",
    "\0",
    "\r",
    "\nservice a : web {\n",
    "\n}\n",
];

/// Any tokens in any order.
pub fn soup() -> impl Strategy<Value = String> {
    let space = prop_oneof![3 => Just(" "), 1 => Just(""), 1 => Just("\n"), 1 => Just("\n  "), 1 => Just("\r\n")];
    prop::collection::vec((prop::sample::select(PIECES), space), 0..120)
        .prop_map(|pieces| pieces.into_iter().flat_map(|(piece, space)| [piece, space]).collect())
}

/// Programs without an error, in layouts that nobody would choose.
pub fn program() -> impl Strategy<Value = String> {
    prop::collection::vec(any::<u8>(), 0..400).prop_map(|choices| {
        let mut writer = Writer { choices: choices.into_iter(), text: String::new(), depth: 0 };
        writer.file();
        writer.text
    })
}

/// Writes a program; every choice is one byte, and when they run out it comes to an end.
struct Writer {
    choices: std::vec::IntoIter<u8>,
    text: String,
    depth: usize,
}

impl Writer {
    fn choose(&mut self, of: u8) -> u8 {
        self.choices.next().map_or(0, |choice| choice % of)
    }

    fn one_of(&mut self, words: &[&'static str]) -> &'static str {
        let count = u8::try_from(words.len()).unwrap_or(u8::MAX);
        words.get(usize::from(self.choose(count))).copied().unwrap_or("x")
    }

    /// A token and some space behind it.
    fn put(&mut self, token: &str) {
        self.text.push_str(token);
        let space = self.one_of(&[" ", "  ", "\t", " "]);
        self.text.push_str(space);
    }

    fn line(&mut self) {
        let end = self.one_of(&[
            "\n",
            "\n\n\n",
            "  // note\n",
            "\n    // a comment of its own  \n",
            "\r\n",
            "\n /// about\n",
        ]);
        self.text.push_str(end);
    }

    fn maybe_line(&mut self) {
        if self.choose(3) == 1 {
            self.line();
        }
    }

    fn file(&mut self) {
        while self.choices.len() > 0 {
            self.declaration();
            self.line();
        }
    }

    fn declaration(&mut self) {
        match self.choose(7) {
            0 => {
                let root = self.one_of(&["service", "resource", "team", "platform"]);
                self.put(root);
                self.put("order-paid");
                if self.choose(2) == 1 {
                    self.put(":");
                    self.put("web");
                }
                self.list("{", "}", Self::body_entry);
            }
            1 => {
                self.put("schema");
                self.put("postgres");
                self.list("{", "}", Self::member);
            }
            2 => {
                self.put("extend");
                self.put("web");
                self.list("{", "}", Self::member);
            }
            3 => {
                let keyword = self.one_of(&["enum", "extend enum"]);
                self.put(keyword);
                self.put("stage");
                self.list("{", "}", |writer| writer.put("kms"));
            }
            4 => {
                self.put("let");
                self.put("keep");
                self.put("=");
                self.expression();
            }
            5 => {
                self.put("moved");
                self.path();
                self.list("{", "}", Self::entry);
            }
            _ => {
                self.put("removed");
                self.path();
                self.list("{", "}", Self::entry);
            }
        }
    }

    fn list(&mut self, open: &str, close: &str, item: fn(&mut Self)) {
        self.put(open);
        self.depth += 1;
        self.maybe_line();
        let count = if self.depth > 5 { 0 } else { self.choose(4) };
        for index in 0..count {
            item(self);
            if index + 1 < count {
                match self.choose(3) {
                    0 => self.line(),
                    1 => self.put(","),
                    _ => {
                        self.put(",");
                        self.line();
                    }
                }
            }
        }
        if count > 0 && self.choose(3) == 1 {
            self.put(",");
        }
        self.maybe_line();
        self.depth -= 1;
        self.put(close);
    }

    fn path(&mut self) {
        let path = self.one_of(&["owner", "needs.orders.url", "annotations.\"a.b/c\"", "service", "output", "a-b"]);
        self.put(path);
    }

    fn body_entry(&mut self) {
        if self.choose(4) != 1 {
            return self.entry();
        }
        self.put("in");
        if self.choose(2) == 1 {
            self.list("[", "]", |writer| writer.put("prod"));
        } else {
            self.put("prod");
        }
        self.list("{", "}", Self::entry);
    }

    fn entry(&mut self) {
        self.path();
        match self.choose(4) {
            0 => {}
            1 => self.list("{", "}", Self::entry),
            _ => {
                self.put("=");
                self.expression();
            }
        }
    }

    fn member(&mut self) {
        match self.choose(5) {
            0 => {
                self.put("output");
                self.put("host");
                self.put(":");
                self.ty();
            }
            1 => {
                let keyword = self.one_of(&["require", "warn"]);
                self.put(keyword);
                self.path();
                self.put("!=");
                self.operand();
                self.maybe_line();
                self.put(":");
                self.put("\"it must ${a.b}\"");
            }
            2 => {
                self.put("slo");
                self.list("{", "}", Self::member);
                self.annotations();
            }
            _ => {
                self.put("storage");
                self.put(":");
                self.ty();
                if self.choose(2) == 1 {
                    self.put("=");
                    self.expression();
                }
                self.annotations();
            }
        }
    }

    fn annotations(&mut self) {
        while self.choose(3) == 1 {
            self.maybe_line();
            let annotation =
                self.one_of(&["@once", "@ locked( \"why\" ,except = [a])", "@deprecated(use = other,\n \"x\")"]);
            self.put(annotation);
        }
    }

    fn ty(&mut self) {
        let ty = self.one_of(&[
            "string",
            "& team",
            "( int in 1 .. 5 ) ?",
            "[ string ] nonempty",
            "map < & service , call >",
            "secret<string>",
            "\"14\" | \"15\"",
            "\"14\"\n  | \"15\"",
            "string matching \"^a$\"",
            "language in [ go,\n rust ]",
            "size in 1GiB..a.b * 2",
        ]);
        self.put(ty);
    }

    fn expression(&mut self) {
        self.depth += 1;
        match if self.depth > 6 { 0 } else { self.choose(7) } {
            1 => {
                self.operand();
                let operator = self.one_of(&["and", "or"]);
                if self.choose(2) == 1 {
                    self.line();
                    self.put(operator);
                } else {
                    self.put(operator);
                    self.maybe_line();
                }
                self.operand();
            }
            2 => {
                self.put("if");
                self.operand();
                self.maybe_line();
                self.put("then");
                self.expression();
                self.maybe_line();
                self.put("else");
                self.maybe_line();
                self.expression();
            }
            3 => {
                self.operand();
                let operator = self.one_of(&["+", "-", "*", "/", "??", "..", "==", "<", ">=", "in"]);
                self.put(operator);
                self.maybe_line();
                self.operand();
            }
            4 => {
                self.put("not");
                self.operand();
            }
            _ => self.operand(),
        }
        self.depth -= 1;
    }

    fn operand(&mut self) {
        self.depth += 1;
        match if self.depth > 6 { 0 } else { self.choose(9) } {
            1 => self.list("[", "]", Self::expression),
            2 => {
                self.put("postgres");
                self.list("{", "}", Self::entry);
            }
            3 => self.list("{", "}", Self::entry),
            4 => {
                self.put("(");
                self.maybe_line();
                self.expression();
                self.maybe_line();
                self.put(")");
            }
            5 => {
                self.put("- 5");
            }
            6 => self.put("min( a,\n len(b) , - c )"),
            7 => self.path(),
            _ => {
                let literal = self.one_of(&[
                    "42",
                    "3.5",
                    "50GiB",
                    "99.9%",
                    "2027-03-31",
                    "\"text\"",
                    "\"${a.b}:${c.\"d.e\"}\"",
                    "\"\"\"\n    one\n\n      two\n    \"\"\"",
                    "none",
                    "self.a",
                ]);
                self.put(literal);
            }
        }
        self.depth -= 1;
    }
}
