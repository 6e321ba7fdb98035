"""Missing covariates: chained equations and Rubin's rules."""
