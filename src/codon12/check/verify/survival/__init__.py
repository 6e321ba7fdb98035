"""Times: survival rates and medians, person-time, dates and their order."""
