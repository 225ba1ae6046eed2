[(block) (members) (variants) (list) (arguments)] @fold
