"""The guardrails as a CrossGuard policy pack: the same controls, run by Pulumi's engine while it plans and deploys.

Pulumi's own policy SDK opens secrets before a policy sees them, stops at the first unknown value, and reads a resource
anew for each policy. So the pack speaks the engine's protocol itself (`pulumi/analyzer.proto`).
"""
