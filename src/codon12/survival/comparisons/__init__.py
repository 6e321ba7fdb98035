"""The log-rank family."""
