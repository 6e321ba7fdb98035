"""A cBioPortal study folder: its files, its profiled samples, its times to event."""
