"""Competing risks and states: Aalen-Johansen, Gray's test, Fine and Gray's regression."""
