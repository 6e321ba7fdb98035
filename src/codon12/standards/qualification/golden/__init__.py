"""Golden sets that ship: what others have computed or printed."""
