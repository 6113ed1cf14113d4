"""Serving: endpoints that answer single requests, and how models are deployed on them."""
