; Later patterns win.

(identifier) @variable

[
  "service" "resource" "team" "system" "environment" "platform"
  "schema" "enum" "extend" "let" "moved" "removed"
  "output" "require" "warn"
] @keyword

(overlay "in" @keyword)
(refinement ["in" "matching" "nonempty"] @keyword)
(conditional ["if" "then" "else"] @keyword)

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
(variant) @variant
(type_name) @type
((type_name) @type.builtin
  (#any-of? @type.builtin "bool" "int" "number" "string" "duration" "size" "percent" "rate" "money" "date" "scalar" "range" "map" "secret"))

(field path: (path (identifier) @property))
(group path: (path (identifier) @property))
(setting path: (path (identifier) @property))
(amendment path: (path (identifier) @property))
(bare path: (path (identifier) @property))
(identity path: (path (identifier) @property))
(output name: (identifier) @property)
(argument name: (identifier) @property)
(overlay environments: (identifier) @constant)
(environments (identifier) @constant)

(annotation "@" @attribute name: (identifier) @attribute)
(call function: (identifier) @function)
(self) @variable.special

(boolean) @boolean
(none) @constant
[(integer) (number) (date)] @number
(quantity (unit) @number)

(string) @string
(escape) @string.escape
(interpolation ["${" "}"] @punctuation.special)
(interpolation (path (identifier) @variable))

(comment) @comment
(doc_comment) @comment.doc
