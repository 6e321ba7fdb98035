"""Reading documents: their text, its one spelling, its passages."""
