"""What whole cohorts show: pairs of genes, substitution spectra, shared patients, frames of figures."""
