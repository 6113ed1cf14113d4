"""What a program said while it ran: its messages, and what it printed."""

from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from groundplan_cli.text import plain

if TYPE_CHECKING:
    from mockcloud import Preview

_STYLES = {"error": "bold red", "warning": "yellow"}


def print_diagnostics(console: Console, preview: "Preview") -> None:
    """Print what the program said. Meant for standard error: it is no part of the plan."""
    for stream in (preview.stdout, preview.stderr):
        for line in stream.splitlines():
            console.print(Text(f"  | {plain(line, lines=True)}", style="dim"), soft_wrap=True)
    for message in preview.diagnostics:
        about = f" ({message.urn.rpartition('::')[2]})" if message.urn else ""
        text = Text(f"{message.severity}: ", style=_STYLES.get(message.severity, "dim"))
        console.print(text.append(plain(message.message.strip() + about, lines=True), style=""), soft_wrap=True)
    for key in preview.placeholders:
        console.print(Text(f"note: {plain(key)} is encrypted, so the program got a placeholder", style="dim"))
