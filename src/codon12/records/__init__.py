"""Study records: open, validate, hold, write; findings, populations, codon12.toml."""
