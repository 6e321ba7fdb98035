"""One file a page: from a study and settings to the evidence, and to what its template prints."""
