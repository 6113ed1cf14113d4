"""Providers: the ones that the engine makes where a program names none, and who uses which.

Source: pulumi `pkg/resource/deploy/default_providers.go` and `providers/provider.go` (DefaultName).
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from mockcloud.doors.embedded.errors import ProgramFailed
from mockcloud.pulumi.values import UNKNOWN, Value, redacted_secret

_DISABLED: Final = "pulumi:disable-default-providers"


@dataclass(frozen=True, slots=True)
class Package:
    """The plugin that a resource asks for: a package, and perhaps its version and where to get it."""

    name: str
    version: str = ""
    download_url: str = ""
    parameters: tuple[tuple[str, str], ...] = ()
    """How a plugin was told to serve this package: its `name` and `version`; empty if it serves its own."""

    def default_name(self) -> str:
        """Give the name of the provider that the engine makes for it, such as `default_10_2_0`."""
        name = "default"
        if self.version:
            name += "_" + re.sub(r"[.\-+]", "_", self.version)
        if self.download_url:
            name += "_" + re.sub(r"[^A-Za-z0-9_.]", "_", self.download_url)
        return name


@dataclass(slots=True)
class ProviderConfig:
    """The stack's configuration as default providers receive it.

    Attributes:
        values: All configuration, keyed `namespace:name`.
        secret_keys: The keys whose values are secret.
    """

    values: Mapping[str, str]
    secret_keys: frozenset[str]

    def inputs(self, package: Package) -> dict[str, Value]:
        """Give the inputs of a package's default provider."""
        prefix = f"{package.name}:"
        inputs: dict[str, Value] = {
            key.removeprefix(prefix): redacted_secret() if key in self.secret_keys else value
            for key, value in sorted(self.values.items())
            if key.startswith(prefix)
        }
        return with_plugin(inputs, package)

    def check_default_allowed(self, package: Package, type: str) -> None:
        """Refuse a default provider where the stack's configuration disables it.

        Raises:
            ProgramFailed: The configuration `pulumi:disable-default-providers` names the package, or all.
        """
        barred = self.values.get(_DISABLED, "")
        if package.name == "pulumi" or not barred:
            return
        names = {str(name).strip() for name in json.loads(barred)}
        if names & {"*", package.name}:
            raise ProgramFailed(
                f"A resource of type {type} names no provider, and default providers are disabled",
                given=f"{_DISABLED}: {barred}",
                allowed=f"an explicit provider of {package.name}",
                remedy=f"pass `opts=ResourceOptions(provider=...)`, or take {package.name} out of {_DISABLED}",
            )


def with_plugin(
    inputs: Mapping[str, Value], package: Package, variables: Mapping[str, str] | None = None
) -> dict[str, Value]:
    """Put the plugin, and what its environment variables are called, among a provider's inputs, as the real engine."""
    internal: dict[str, Value] = {"pluginDownloadURL": package.download_url} if package.download_url else {}
    if variables:
        internal["envVarMappings"] = dict(sorted(variables.items()))
    if package.parameters:
        internal["parameterization"] = dict(package.parameters)
    version: dict[str, Value] = {"version": package.version} if package.version else {}
    return {**({"__internal": internal} if internal or version else {}), **inputs, **version}


def reference(urn: str, id: str = "") -> str:
    """Give a reference to a provider: its URN and its id, which is unknown until the provider is made."""
    return f"{urn}::{id or UNKNOWN}"


def urn_of(reference: str) -> str:
    """Give the URN in a reference to a provider."""
    return reference.rpartition("::")[0]
