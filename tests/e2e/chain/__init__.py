"""A delivery from a commit to objects in a cluster, by the programs that do it in production."""
