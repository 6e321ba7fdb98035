"""Tables whose columns were lost when they were copied."""
