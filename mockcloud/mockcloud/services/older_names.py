"""Names of the first days of an API, which leave the location out: `projects/p/builds/1`."""

from collections.abc import Container


def with_location(name: str, location: str, collections: Container[str] | None = None) -> str:
    """Give a name in its form of today, `projects/p/locations/LOCATION/builds/1`; one that has it already stays.

    Args:
        name: Full name of a resource or a collection.
        location: The location that the older form means.
        collections: Those that have an older form; by default all of the API's.
    """
    parts = name.split("/")
    if parts[0] not in {"projects", "organizations"} or len(parts) < 3 or parts[2] == "locations":  # noqa: PLR2004
        return name  # nothing is behind the container, or the location is
    if collections is not None and parts[2] not in collections:
        return name
    return "/".join([*parts[:2], "locations", location, *parts[2:]])
