"""What every construct stands on: environments, tiers, references, names, validation, grants, errors."""
