"""What is counted: every number of a sentence with its share and its total, and how counts belong together."""
