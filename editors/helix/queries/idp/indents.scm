[(block) (members) (variants) (list) (list_type) (environments) (arguments)] @indent

["}" "]" ")"] @outdent
