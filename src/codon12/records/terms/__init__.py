"""The words of records and what they mean: assessments, adverse events, lesions, scores."""
