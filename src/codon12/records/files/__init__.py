"""Files and folders: which holds a study and its tables, and writing them so that nothing is half written."""
