"""The simulated cloud: resources, operations, time, ids, access, faults. No protocol is in here.

What this room says in the API's representation (camelCase JSON), the doors say to clients in whatever form they ask
for.
"""
