"""Standards as data: their clauses in our own words, how much of each a program can show, and how much is met.

```python
from groundplan_policies import frameworks

cis = frameworks.load("cis-gcp-5.0")
rows = frameworks.coverage(cis)  # or frameworks.coverage(cis, evaluation)
```
"""

from groundplan_policies.frameworks.coverage import ClauseRow, ClauseState, coverage
from groundplan_policies.frameworks.model import Claim, Framework, FrameworkError, Requirement, Seen, Source
from groundplan_policies.frameworks.read import ids, load

__all__ = [
    "Claim",
    "ClauseRow",
    "ClauseState",
    "Framework",
    "FrameworkError",
    "Requirement",
    "Seen",
    "Source",
    "coverage",
    "ids",
    "load",
]
