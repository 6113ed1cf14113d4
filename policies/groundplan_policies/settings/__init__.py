"""Settings of the guardrails: levels and parameters, by tier or by a team's own file."""
