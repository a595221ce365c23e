"""`mx`, `mexchange` and `python -m mexchange`."""

import sys


def main() -> None:
    """Run the command line and exit with its code."""
    from mexchange.cli.main import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
