"""Progress on standard error while a program runs, and only on a terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from groundplan_cli.render.console import error_console
from groundplan_cli.text import count

if TYPE_CHECKING:
    from mockcloud import Progress


@contextmanager
def progress(what: str) -> "Iterator[Callable[[Progress], None] | None]":
    """Show what is going on until the block ends. Gives the function to tell, None where nobody would see it.

    Args:
        what: What runs, such as the stack's name.
    """
    console = error_console()
    if not console.is_terminal:
        yield None
        return
    with console.status(f"{what}: starting") as status:

        def tell(each: "Progress") -> None:
            doing = "importing" if each.phase == "imports" else count(each.registered, "resource")
            status.update(f"{what}: {doing}")

        yield tell
