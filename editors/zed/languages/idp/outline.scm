(instance root: _ @context name: _ @name) @item
(schema "schema" @context name: _ @name) @item
(enum "enum" @context name: _ @name) @item
(extend "extend" @context name: _ @name) @item
(extend_enum "extend" @context "enum" @context name: _ @name) @item
(let "let" @context name: _ @name) @item
(identity ["moved" "removed"] @context path: _ @name) @item
(overlay "in" @context environments: _ @name) @item

(field path: _ @name) @item
(group path: _ @name) @item
(output "output" @context name: _ @name) @item
(variant) @name @item
(amendment path: _ @name) @item

(doc_comment) @annotation
