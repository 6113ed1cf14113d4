"""The entry point of the `groundplan` command."""

from groundplan_cli.app import app


def main() -> None:
    """Run the command with the arguments of the process, and exit with its code."""
    app(prog_name="groundplan")


if __name__ == "__main__":
    main()
