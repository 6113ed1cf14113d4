"""Pub/Sub: topics, subscriptions, messages, snapshots, schemas.

Delivery is a small local simulation, in virtual time: pull and streaming pull work, push and exports are only kept as
they were configured. Behaviour as https://cloud.google.com/pubsub/docs/reference/rest tells it (2026-11).
"""

from mockcloud.services.pubsub import (
    delivery,
    publishing,
    schemas,
    snapshots,
    streaming,
    subscriptions,
    topics,
)
from mockcloud.services.pubsub.service import SERVICE

__all__ = ["SERVICE", "delivery", "publishing", "schemas", "snapshots", "streaming", "subscriptions", "topics"]
