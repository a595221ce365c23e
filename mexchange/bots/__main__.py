"""`python -m mexchange.bots KIND [--market M]... [--seed N]`: a bot without the command line. Obeys MX_*."""

import argparse
import os
import sys
from pathlib import Path

from mexchange.bots.app import KINDS, BotSettings, run_bot
from mexchange.config import settings
from mexchange.config.errors import ConfigError


def main() -> int:
    """Run until stopped; returns the exit code."""
    parser = argparse.ArgumentParser(prog="mexchange.bots")
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("--market", action="append", default=[])
    parser.add_argument("--seed", type=int, default=1)
    words = parser.parse_args()
    try:
        found = settings.load(flags={}, environ=os.environ, directory=Path.cwd())
        return run_bot(BotSettings(kind=words.kind, markets=tuple(words.market), seed=words.seed, settings=found))
    except ConfigError as error:
        parser.error(str(error))


if __name__ == "__main__":
    sys.exit(main())
