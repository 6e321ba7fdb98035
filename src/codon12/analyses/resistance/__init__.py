"""How responses end: definitions, patterns of progression, what follows, mechanisms."""
