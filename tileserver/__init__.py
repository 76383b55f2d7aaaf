"""Ways out as maps: the one list of layers, and what is made from it."""
