"""Randomised designs: binary and time-to-event endpoints, enriched for a biomarker or stratified by it."""
