"""Controls on cost: budgets, caps, what stops when nobody uses it."""
