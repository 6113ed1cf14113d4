"""The embedded engine: runs any Python Pulumi program in this process and gives its deployment document.

The program runs against Pulumi's own mock monitor mechanism; what it registers is recorded whole. Nothing is created,
no state is kept, and no diff is computed: whoever needs those needs the real engine.
"""
