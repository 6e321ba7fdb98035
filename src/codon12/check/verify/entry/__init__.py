"""Who could enter a study against who did."""
