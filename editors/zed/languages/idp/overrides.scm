; Where `not_in` of config.toml applies.
(string) @string
[(comment) (doc_comment)] @comment
