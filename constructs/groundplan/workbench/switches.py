"""The switches of a notebook, which Workbench reads from its machine's metadata."""

from __future__ import annotations

from dataclasses import dataclass

# Weekly or monthly, in cron's five fields, as Workbench takes it; a month has no day after the 28th for certain.
SCHEDULE = (
    r"[0-5]?[0-9] (?:[01]?[0-9]|2[0-3]) "
    r"(?:\* \* (?:[0-7]|MON|TUE|WED|THU|FRI|SAT|SUN)|(?:0?[1-9]|1[0-9]|2[0-8]) \* \*)"
)


@dataclass(frozen=True, kw_only=True)
class Switches:
    """What a notebook's user can do, and what the machine does by itself."""

    idle_minutes: int
    """Minutes without activity after which the machine stops."""
    root: bool
    """Whether the user can become root."""
    downloads: bool
    """Whether files can be downloaded to the browser, as they are or converted."""
    terminal: bool
    """Whether JupyterLab offers a terminal."""
    upgrade_window: str
    """When the environment is upgraded, as a cron schedule (UTC)."""
    patched: bool
    """Whether the operating system installs its patches by itself; machine images can, containers cannot."""

    def metadata(self) -> dict[str, str]:
        """Return the metadata.

        Source: "Manage features through metadata", Workbench documentation, 2026-10 (idle shutdown needs guest
        attributes); OS Login, serial port and SSH keys: "Predefined metadata keys", Compute Engine documentation.
        """
        found = {
            "idle-timeout-seconds": str(self.idle_minutes * 60),
            "enable-guest-attributes": "true",
            "notebook-disable-root": _flag(not self.root),
            "notebook-disable-downloads": _flag(not self.downloads),
            "notebook-disable-nbconvert": _flag(not self.downloads),
            "notebook-disable-terminal": _flag(not self.terminal),
            "notebook-upgrade-schedule": self.upgrade_window,
            "block-project-ssh-keys": "true",
            "enable-oslogin": "TRUE",
            "serial-port-enable": "false",
        }
        return {**found, "install-unattended-upgrades": "true"} if self.patched else found


def _flag(value: bool) -> str:  # noqa: FBT001 - the one thing that is written
    return "true" if value else "false"
