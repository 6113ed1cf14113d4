"""IAM: service accounts and their keys, roles, identity pools, policies that deny.

Behaviour as https://cloud.google.com/iam/docs tells it (2026-11). Who may do what is decided in
`mockcloud/cloud/access`; here is what IAM's own API answers.
"""

from mockcloud.services.iam import account_keys, accounts, attestations, denials, pools, queries, roles, signing
from mockcloud.services.iam.service import SERVICE

__all__ = ["SERVICE", "account_keys", "accounts", "attestations", "denials", "pools", "queries", "roles", "signing"]
