"""Quotas: how much of what a project may use in a region."""

from mockcloud.cloud.quotas.quotas import Quotas

__all__ = ["Quotas"]
