"""Organisation policies: constraints, the policy that is in effect, and how each constraint is held."""
