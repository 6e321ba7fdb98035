"""Finding numbers: tokens, and the smallest meaningful groups of them."""
