[(block) (members) (variants) (list) (environments) (arguments)] @indent.begin

["}" "]" ")"] @indent.end @indent.branch
