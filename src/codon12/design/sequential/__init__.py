"""Group sequential designs: spending, bounds, crossing probabilities, conditional power."""
