"""Controls on identities: who may do what, as whom, and for how long."""
