"""Controls on networks: who can reach what, and what can get out."""
