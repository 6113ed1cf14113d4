"""A cloud that outlives its process: its state in one SQLite file, written with every call.

A call is answered when what it did is in the file, in one transaction. A process that is killed at any moment therefore
loses nothing that it acknowledged; a machine that loses power can lose the last calls, and never the file
(`synchronous=NORMAL` in WAL mode, sqlite.org/pragma.html#pragma_synchronous). Faults, snapshots and the list of calls
are not kept: they belong to the process.
"""
