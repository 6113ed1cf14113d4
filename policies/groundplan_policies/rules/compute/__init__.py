"""Controls on machines, notebooks and clusters: how they start, who may enter, what runs beside what."""
