"""The ground that everything stands on: APIs, audit, budget and policies of projects that exist."""
