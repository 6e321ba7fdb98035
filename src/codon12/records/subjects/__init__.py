"""One row a subject: ADSL, covariates, populations, patients of several cohorts."""
