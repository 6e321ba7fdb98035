"""Whether a treatment acts differently by a biomarker: interaction, windows, cut-points."""
