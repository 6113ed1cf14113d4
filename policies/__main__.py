"""The guardrails as a policy pack: `pulumi preview --policy-pack policies`."""

from groundplan_policies.crossguard.server import serve

if __name__ == "__main__":
    serve()
