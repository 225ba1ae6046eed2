/**
 * The grammar of idp for editors: colors, folds and indents while somebody types.
 *
 * The language server reads with the compiler's own parser; this grammar agrees with it on every valid program and is
 * more lenient on others. Newlines separate inside of `{ }` and `[ ]` and are space elsewhere, which src/scanner.c tells.
 */

/// <reference types="tree-sitter-cli/dsl" />
// @ts-check

/** How tightly something binds, loosest first. */
const BINDS = { choice: 0, or: 10, and: 20, not: 25, compare: 30, default: 40, refine: 45, range: 50, add: 60, multiply: 70, negate: 80 };

/** Words that are keywords only where a member of a schema begins. */
const MEMBER_WORDS = ["output", "require", "warn"];

/** Items between separators: commas or newlines, any number of them. */
function separated($, item) {
  const separator = choice(",", $._newline);
  return seq(repeat(separator), optional(seq(item, repeat(seq(repeat1(separator), item)), repeat(separator))));
}

export default grammar({
  name: "idp",

  externals: ($) => [$._newline],
  extras: ($) => [/\s/, "\u{feff}", $.comment, $.doc_comment],
  word: ($) => $.identifier,
  supertypes: ($) => [$._declaration, $._member, $._entry, $._expression],

  rules: {
    file: ($) => seq(repeat($._newline), optional(seq($._declaration, repeat(seq(repeat1($._newline), $._declaration)), repeat($._newline)))),

    comment: (_) => token(prec(-1, seq("//", /([^\r\n]|\r[^\n])*/))),
    doc_comment: (_) => token(seq("///", optional(seq(/[^\/\r\n]/, /([^\r\n]|\r[^\n])*/)))),

    // Declarations

    _declaration: ($) => choice($.instance, $.schema, $.enum, $.extend, $.extend_enum, $.let, $.identity),

    instance: ($) =>
      seq(
        field("root", choice("service", "resource", "team", "system", "environment", "platform")),
        field("name", $._name),
        optional($._parent),
        field("body", alias($._body, $.block)),
      ),
    schema: ($) => seq("schema", field("name", $._name), optional($._parent), field("body", $.members)),
    extend: ($) => seq("extend", field("name", $._name), field("body", $.members)),
    enum: ($) => seq("enum", field("name", $._name), field("body", $.variants)),
    extend_enum: ($) => seq("extend", "enum", field("name", $._name), field("body", $.variants)),
    let: ($) => seq("let", field("name", $._name), "=", field("value", $._expression)),
    identity: ($) => seq(choice("moved", "removed"), field("path", $.path), field("body", $.block)),

    _parent: ($) => seq(":", field("parent", $._name)),
    _name: ($) => choice($.identifier, $.string),

    variants: ($) => seq("{", separated($, $.variant), "}"),
    variant: ($) =>
      choice(
        $.identifier,
        $.string,
        ...["true", "false", "none", "if", "then", "else", "and", "or", "not", "in", "let", "self"].map((word) =>
          alias(word, $.identifier),
        ),
      ),

    // Members of schemas

    members: ($) => seq("{", separated($, $._member), "}"),
    _member: ($) => choice($.field, $.group, $.output, $.rule),

    field: ($) =>
      seq(
        field("path", alias($._member_path, $.path)),
        choice(
          seq(":", field("type", $.type), optional($._default), repeat($.annotation)),
          seq($._default, repeat($.annotation)),
          repeat1($.annotation),
        ),
      ),
    _default: ($) => seq("=", field("default", $._expression)),
    group: ($) => seq(field("path", alias($._member_path, $.path)), field("body", $.members), repeat($.annotation)),
    output: ($) => seq("output", field("name", $._name), ":", field("type", $.type)),
    rule: ($) => seq(choice("require", "warn"), field("condition", $._expression), ":", field("message", $._expression)),

    // `output : string` is a field of that name.
    _member_path: ($) =>
      prec(1, seq(choice($._name, ...MEMBER_WORDS.map((word) => alias(word, $.identifier))), repeat(seq(".", $._name)))),

    annotation: ($) => prec.right(seq("@", field("name", $.identifier), optional($.arguments))),
    arguments: ($) =>
      seq("(", repeat(","), optional(seq($._argument, repeat(seq(repeat1(","), $._argument)), repeat(","))), ")"),
    _argument: ($) => choice($.argument, $._expression),
    argument: ($) => seq(field("name", $.identifier), "=", field("value", $._expression)),

    // Types

    type: ($) => seq($._base_type, repeat(choice($.refinement, "?"))),
    _base_type: ($) =>
      choice(
        field("name", alias($.identifier, $.type_name)),
        $.reference_type,
        $.generic_type,
        $.list_type,
        $.union_type,
        seq("(", $.type, ")"),
      ),
    reference_type: ($) => seq("&", field("name", alias($.identifier, $.type_name))),
    generic_type: ($) =>
      seq(field("name", alias($.identifier, $.type_name)), "<", $.type, optional(seq(",", $.type)), ">"),
    list_type: ($) => seq("[", repeat($._newline), $.type, repeat($._newline), "]"),
    union_type: ($) => prec.left(seq($._signed, repeat(seq("|", $._signed)))),
    _signed: ($) => choice($._literal, $.string, alias($._negative, $.unary_expression)),
    _negative: ($) => seq("-", $._literal),
    refinement: ($) =>
      choice(
        prec(BINDS.refine, seq("in", $._expression)),
        prec(BINDS.refine, seq("matching", $._expression)),
        "nonempty",
      ),

    // Entries of instances and records

    _body: ($) => seq("{", separated($, choice($._entry, $.overlay)), "}"),
    block: ($) => seq("{", separated($, $._entry), "}"),
    _entry: ($) => choice($.setting, $.amendment, $.bare),
    setting: ($) => seq(field("path", $.path), "=", field("value", $._expression)),
    amendment: ($) => seq(field("path", $.path), field("body", $.block)),
    bare: ($) => field("path", $.path),
    overlay: ($) => seq("in", field("environments", choice($._name, $.environments)), field("body", $.block)),
    environments: ($) => seq("[", separated($, $._name), "]"),

    path: ($) => seq(choice($._name, $.self), repeat(seq(".", $._name))),
    self: (_) => "self",

    // Expressions

    _expression: ($) =>
      choice(
        $._literal,
        $.string,
        alias($._expression_path, $.path),
        $.list,
        $.record,
        $.call,
        $.parenthesized,
        $.unary_expression,
        $.binary_expression,
        $.conditional,
      ),
    _expression_path: ($) => seq(choice($.identifier, $.self), repeat(seq(".", $._name))),
    list: ($) => seq("[", separated($, $._expression), "]"),
    record: ($) => seq(optional(field("schema", $.identifier)), field("body", $.block)),
    call: ($) => seq(field("function", $.identifier), $.arguments),
    parenthesized: ($) => seq("(", $._expression, ")"),
    unary_expression: ($) =>
      choice(prec(BINDS.not, seq("not", $._expression)), prec(BINDS.negate, seq("-", $._expression))),
    binary_expression: ($) =>
      choice(
        ...[
          [BINDS.or, "or"],
          [BINDS.and, "and"],
          [BINDS.compare, "=="],
          [BINDS.compare, "!="],
          [BINDS.compare, "<"],
          [BINDS.compare, "<="],
          [BINDS.compare, ">"],
          [BINDS.compare, ">="],
          [BINDS.compare, "in"],
          [BINDS.default, "??"],
          [BINDS.range, ".."],
          [BINDS.add, "+"],
          [BINDS.add, "-"],
          [BINDS.multiply, "*"],
          [BINDS.multiply, "/"],
        ].map(([binds, operator]) =>
          prec.left(binds, seq(field("left", $._expression), field("operator", operator), field("right", $._expression))),
        ),
      ),
    conditional: ($) =>
      prec.right(
        BINDS.choice,
        seq(
          "if",
          field("condition", $._expression),
          "then",
          field("then", $._expression),
          "else",
          field("else", $._expression),
        ),
      ),

    // Literals

    _literal: ($) => choice($.boolean, $.none, $.integer, $.number, $.quantity, $.date),
    boolean: (_) => choice("true", "false"),
    none: (_) => "none",
    integer: (_) => /[0-9][0-9_]*/,
    number: (_) => /[0-9][0-9_]*\.[0-9][0-9_]*/,
    quantity: ($) => seq(choice($.integer, $.number), $.unit),
    unit: (_) => token.immediate(/[A-Za-zµ][A-Za-z0-9_]*|%/),
    date: (_) => /[0-9]{4}-[0-9]{2}-[0-9]{2}/,

    string: ($) => choice($._line_string, $._block_string),
    _line_string: ($) =>
      seq('"', repeat(choice($._line_text, $.escape, $.interpolation)), token.immediate('"')),
    _block_string: ($) =>
      seq('"""', repeat(choice($._block_text, $.escape, $.interpolation)), token.immediate(prec(2, '"""'))),
    _line_text: (_) => token.immediate(prec(1, /[^"\\\r\n$]+|\$/)),
    _block_text: (_) => token.immediate(prec(1, /[^"\\$]+|\$|""?/)),
    escape: (_) => token.immediate(prec(1, /\\(u\{[0-9A-Fa-f]{1,6}\}|[^\r\n])/)),
    interpolation: ($) => seq(token.immediate(prec(1, "${")), alias($._expression_path, $.path), "}"),

    identifier: (_) => /[A-Za-z_][A-Za-z0-9_-]*/,
  },
});
