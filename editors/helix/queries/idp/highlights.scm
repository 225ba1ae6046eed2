; Later patterns win.

(identifier) @variable

[
  "service" "resource" "team" "system" "environment" "platform"
  "schema" "enum" "extend" "let" "moved" "removed"
  "output" "require" "warn"
] @keyword

(overlay "in" @keyword)
(refinement ["in" "matching" "nonempty"] @keyword)
(conditional ["if" "then" "else"] @keyword.control.conditional)

(binary_expression operator: ["and" "or" "in"] @keyword.operator)
(unary_expression "not" @keyword.operator)
(binary_expression operator: ["==" "!=" "<" "<=" ">" ">=" "??" ".." "+" "-" "*" "/"] @operator)
(unary_expression "-" @operator)
["=" "?" "|" "&"] @operator

["{" "}" "[" "]" "(" ")"] @punctuation.bracket
["." "," ":"] @punctuation.delimiter
(generic_type ["<" ">"] @punctuation.bracket)

(instance name: (identifier) @type)
(schema name: (identifier) @type)
(extend name: (identifier) @type)
(enum name: (identifier) @type)
(extend_enum name: (identifier) @type)
(instance parent: (identifier) @type)
(schema parent: (identifier) @type)
(record schema: (identifier) @type)
(let name: (identifier) @constant)
(variant) @type.enum.variant
(type_name) @type
((type_name) @type.builtin
  (#any-of? @type.builtin "bool" "int" "number" "string" "duration" "size" "percent" "rate" "money" "date" "scalar" "range" "map" "secret"))

(field path: (path (identifier) @variable.other.member))
(group path: (path (identifier) @variable.other.member))
(setting path: (path (identifier) @variable.other.member))
(amendment path: (path (identifier) @variable.other.member))
(bare path: (path (identifier) @variable.other.member))
(identity path: (path (identifier) @variable.other.member))
(output name: (identifier) @variable.other.member)
(argument name: (identifier) @variable.parameter)
(overlay environments: (identifier) @constant)
(environments (identifier) @constant)

(annotation "@" @attribute name: (identifier) @attribute)
(call function: (identifier) @function)
(self) @variable.builtin

(boolean) @constant.builtin.boolean
(none) @constant.builtin
[(integer) (number) (date)] @constant.numeric
(quantity (unit) @constant.numeric)

(string) @string
(escape) @constant.character.escape
(interpolation ["${" "}"] @punctuation.special)
(interpolation (path (identifier) @variable))

(comment) @comment.line
(doc_comment) @comment.line.documentation
