(file) @local.scope

(let name: (identifier) @local.definition.constant)
(schema name: (identifier) @local.definition.type)
(enum name: (identifier) @local.definition.type)
(instance name: (identifier) @local.definition.type)
(path . (identifier) @local.reference)
(type_name) @local.reference
