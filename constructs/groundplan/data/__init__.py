"""Where data is kept: buckets and warehouses, by the class of the data."""
