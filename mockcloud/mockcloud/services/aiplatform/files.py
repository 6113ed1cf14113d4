"""Objects of Cloud Storage that Vertex reads by itself."""

import re
from collections.abc import Iterator, Sequence
from fnmatch import translate

from mockcloud.cloud.cloud import Cloud
from mockcloud.services.storage import names


def contents(cloud: Cloud, uris: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """Give address and content of the objects that addresses mean; one may hold a `*`, or end with a slash."""
    for uri in uris:
        bucket, _, name = uri.removeprefix("gs://").partition("/")
        pattern = re.compile(translate(f"{name}*" if name.endswith("/") or not name else name))
        for each in cloud.store.page("storage", names.live(bucket)):
            if pattern.match(each.id):
                yield f"gs://{bucket}/{each.id}", each.hidden["content"]
