"""What one run of the terminal client was asked for."""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from mexchange.config.settings import Settings


class TuiOptions(msgspec.Struct, frozen=True, kw_only=True):
    """From the command line and the environment."""

    settings: Settings
    """Which server, whose key, which market: the same settings as those of the commands."""
    market: str | None = None
    """A symbol; None: that of the settings, else the one that was shown last, else the first."""
    replay: Path | None = None
    """A recording to play instead of a market to connect to."""
    read_only: bool = False
    """Show, and send no order."""
    wizard: bool | None = None
    """Greet somebody new; None: if there are no settings of the terminal client yet."""
    environ: Mapping[str, str] = {}
    """The process's, for NO_COLOR, SSH_CONNECTION and programs that are started."""

    @property
    def settings_file(self) -> Path:
        """`tui.toml`."""
        return self.settings.config_dir / "tui.toml"

    @property
    def keymap_file(self) -> Path:
        """`keymap.toml`."""
        return self.settings.config_dir / "keymap.toml"
