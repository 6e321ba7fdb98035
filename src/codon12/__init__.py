"""codon12 turns the records of a biomarker-guided cancer study into its evidence."""
