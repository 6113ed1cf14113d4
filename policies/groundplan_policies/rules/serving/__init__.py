"""Controls on serving: endpoints, vector indexes, agents, prompts and answers."""
