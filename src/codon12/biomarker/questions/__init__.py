"""Questions and their answers in three values: yes, no, unknown."""
