(block "}" @end) @indent
(members "}" @end) @indent
(variants "}" @end) @indent
(list "]" @end) @indent
(list_type "]" @end) @indent
(environments "]" @end) @indent
(arguments ")" @end) @indent
