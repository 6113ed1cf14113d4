"""Controls on monitoring: what is logged, for how long, who is told, and what could hide it."""
