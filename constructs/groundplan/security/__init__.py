"""Keys, identities, federation and the log archive."""
