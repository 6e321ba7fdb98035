"""Cox's regression: likelihoods, fits, residuals, predictions, concordance."""
