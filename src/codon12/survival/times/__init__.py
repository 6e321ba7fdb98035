"""Times to event: sources, endpoints, censoring rules, planned visits, landmarks."""
