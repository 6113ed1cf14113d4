"""What calls of Cloud Storage ask for, where it is more than one permission on what the path names.

A copy reads one object and makes another; what stands in the way of a new object must be one that may be deleted
(https://cloud.google.com/storage/docs/access-control/iam-json).
"""

from collections.abc import Iterator

from mockcloud.cloud.call import Call

API = "storage"


def named(call: Call) -> str:
    """Give the full name of what a call is about: an object, a managed folder, or else what the path names.

    What lies below it in the path, such as `iam` or `acl`, is said of it.
    """
    variables = call.request.variables
    bucket = variables.get("bucket")
    if bucket is None:
        return call.name
    for variable, collection in (("object", "o"), ("managedFolder", "managedFolders")):
        if variable in variables:
            return f"b/{bucket}/{collection}/{variables[variable]}"
    return f"b/{bucket}" if call.method.segments[-1] in {"iam", "testPermissions"} else call.name


def policed(call: Call) -> str:
    """Give the full name of what a call puts a policy on, in any service."""
    return named(call) if call.api == API else call.name


def asked(call: Call, permission: str) -> Iterator[tuple[str, str]]:
    """Give what a call asks for: permission, and full name of the resource.

    Args:
        call: The call.
        permission: What the method asks for.
    """
    for each, name in _asked(call, permission):
        parts = name.split("/")
        # Cloud Storage says to everybody who is signed in that a bucket does not exist.
        missing = len(parts) > 1 and call.cloud.store.get(API, f"b/{parts[1]}") is None
        if parts[0] != "b" or not missing or not call.caller.member:
            yield each, name


def _asked(call: Call, permission: str) -> Iterator[tuple[str, str]]:
    variables, verb = call.request.variables, call.method.id
    if verb == "objects.insert":
        yield from _made(call, f"{call.name}/{call.text('name') or call.body.get('name', '')}")
    elif verb in {"objects.copy", "objects.rewrite"}:
        yield "storage.objects.get", f"b/{variables['sourceBucket']}/o/{variables['sourceObject']}"
        yield from _made(call, f"b/{variables['destinationBucket']}/o/{variables['destinationObject']}")
    elif verb == "objects.compose":
        bucket = variables["destinationBucket"]
        for each in call.body.get("sourceObjects", ()):
            yield "storage.objects.get", f"b/{bucket}/o/{each.get('name', '')}"
        yield from _made(call, f"b/{bucket}/o/{variables['destinationObject']}")
    elif verb == "objects.move":
        yield permission, f"b/{variables['bucket']}/o/{variables['sourceObject']}"
        yield from _made(call, f"b/{variables['bucket']}/o/{variables['destinationObject']}")
    else:
        yield permission, named(call)


def _made(call: Call, name: str) -> Iterator[tuple[str, str]]:
    """Give what a new object asks for: what is there already is deleted by it."""
    yield "storage.objects.create", name
    if call.cloud.store.get(API, name) is not None:
        yield "storage.objects.delete", name
