"""Types whose life no row can tell, by what they belong to."""
