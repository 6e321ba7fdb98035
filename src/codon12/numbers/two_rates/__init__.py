"""Two groups' rates compared: differences, ratios, tests; over strata; and whether they differ between strata."""
