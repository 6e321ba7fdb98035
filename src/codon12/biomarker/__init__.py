"""biomarker."""
