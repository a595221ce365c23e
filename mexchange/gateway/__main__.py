"""`python -m mexchange.gateway [--host H] [--port N] [--metrics-port N]`: the gateway without the command line."""

import argparse
import os
import sys
from pathlib import Path

from mexchange.config import gateway as gateway_settings
from mexchange.config import settings
from mexchange.config.errors import ConfigError
from mexchange.gateway.app import run


def main() -> int:
    """Run until stopped; returns the exit code."""
    parser = argparse.ArgumentParser(prog="mexchange.gateway")
    parser.add_argument("--host")
    parser.add_argument("--port", type=int)
    parser.add_argument("--metrics-port", type=int)
    words = parser.parse_args()
    flags = {"host": words.host, "port": words.port, "metrics_port": words.metrics_port}
    try:
        client = settings.load(flags={}, environ=os.environ, directory=Path.cwd())
        found = gateway_settings.load(data=client.data_dir, environ=os.environ, flags=flags)
    except ConfigError as error:
        parser.error(str(error))
    return run(found, client)


if __name__ == "__main__":
    sys.exit(main())
