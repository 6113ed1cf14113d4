"""The stages of the blueprint: one module each, run in their order."""
