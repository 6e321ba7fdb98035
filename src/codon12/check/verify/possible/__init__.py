"""What a value can be at all: a probability, a share, a score on its scale, a measurement of a patient."""
