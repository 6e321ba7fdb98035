"""From a study folder to its tables, stage by stage."""
