"""Times to event."""
