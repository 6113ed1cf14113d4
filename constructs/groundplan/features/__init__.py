"""Features: registered over BigQuery, synchronised to an online store, read by views."""
