"""Sends as many requests as asked, each door its share, and tells what was not answered well."""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from itertools import product
from typing import Final

from mockcloud.discovery.documents import apis
from tools.fuzz.doors import DOORS, ROUND, OpenSurface
from tools.fuzz.verdicts import Sent

PROFILES: Final = ("lenient", "strict")
_MOST_TOLD: Final = 50


def main(arguments: Sequence[str] | None = None) -> int:
    """Send them, and give 1 if something was not answered well."""
    parser = argparse.ArgumentParser(prog="tools.fuzz", description="Send the mock cloud right and broken requests.")
    parser.add_argument("--requests", type=int, default=100_000, help="how many (by default 100,000)")
    parser.add_argument("--seed", type=int, default=0, help="what they follow from")
    parser.add_argument("--door", choices=DOORS, action="append", help="only this door; several are possible")
    parser.add_argument("--profile", choices=PROFILES, action="append", help="only this profile")
    parser.add_argument("--api", choices=sorted(apis()), action="append", help="only this API; several are possible")
    options = parser.parse_args(arguments)
    ways = list(product(options.door or DOORS, options.profile or PROFILES))
    every = sorted(options.api or apis())
    start, told = time.monotonic(), {way: Sent() for way in ways}
    with ExitStack() as stack:
        surfaces = {name: stack.enter_context(OpenSurface(name)) for name in {profile for _, profile in ways}}
        for number in range(-(-options.requests // ROUND)):
            # Each API and each door has its turn, however few the requests, and each API comes to each door.
            lap, turn = divmod(number, len(every))
            door, profile = way = ways[(turn + lap) % len(ways)]
            told[way].add(surfaces[profile].send(door, every[turn], options.seed + number))
    return _tell(told, time.monotonic() - start)


def _tell(told: dict[tuple[str, str], Sent], seconds: float) -> int:
    every = Sent()
    for (door, profile), sent in told.items():
        every.add(sent)
        counts = ", ".join(f"{status}: {count}" for status, count in sorted(sent.statuses.items()))
        print(f"{door}, {profile}: {sent.statuses.total()} requests ({counts})")
    # One cause has many findings: the first of each is told.
    alike = Counter(each.why for each in every.findings)
    for finding in list({each.why: each for each in reversed(every.findings)}.values())[-_MOST_TOLD:]:
        print(f"{alike[finding.why]} times {finding}")
    print(f"{every.statuses.total()} requests in {seconds:.0f} s; {len(every.findings)} not answered well")
    return int(bool(every.findings))


if __name__ == "__main__":
    sys.exit(main())
