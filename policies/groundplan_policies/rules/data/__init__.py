"""Controls on data: where it is, who sees it, how long it is kept."""
