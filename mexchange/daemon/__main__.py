"""`python -m mexchange.daemon --data-dir DIR [--demo] [--host H] [--port N]`: the daemon without the command line."""

import argparse
import os
import sys
from pathlib import Path

from mexchange.config import daemon as daemon_settings
from mexchange.config.errors import ConfigError
from mexchange.daemon.app import run


def main() -> int:
    """Run until stopped; returns the exit code."""
    parser = argparse.ArgumentParser(prog="mexchange.daemon")
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("--demo", action="store_true")
    parser.add_argument("--host")
    parser.add_argument("--port", type=int)
    words = parser.parse_args()
    flags = {"host": words.host, "port": words.port}
    try:
        settings = daemon_settings.load(data=words.data_dir, environ=os.environ, flags=flags)
    except ConfigError as error:
        parser.error(str(error))
    return run(settings, data=words.data_dir, demo=words.demo)


if __name__ == "__main__":
    sys.exit(main())
