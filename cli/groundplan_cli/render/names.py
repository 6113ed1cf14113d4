"""Short names of types, for people."""

from groundplan_policies.engine.resource import PROVIDER_PREFIX

GCP = "gcp"
OWN = "groundplan"


def qualified_type(token: str) -> str:
    """Write a type token with dots: `gcp:storage/bucket:Bucket` as `storage.Bucket`; others keep their package.

    Pulumi's `index` module says nothing, and neither does the file part after a slash.
    """
    package, _, rest = token.partition(":")
    module, _, name = rest.rpartition(":")
    module = module.partition("/")[0]
    parts = [package, module, name]
    if package in {GCP, module}:
        parts.remove(package)
    return ".".join(part for part in parts if part and part != "index")


def short_type(token: str) -> str:
    """Write a type as briefly as it stays clear: as `qualified_type`, and a construct of this blueprint by its name."""
    name = token.rpartition(":")[2]
    if token.startswith(PROVIDER_PREFIX):
        return f"{name} provider"
    return name if token.startswith(f"{OWN}:") else qualified_type(token)


def service(token: str) -> str:
    """Give the service of a type: `storage` of `gcp:storage/bucket:Bucket`, the package for other packages."""
    package, _, rest = token.partition(":")
    module = rest.partition(":")[0].partition("/")[0]
    return module if package == GCP and module != "index" else package
