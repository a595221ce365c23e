"""`tui.toml`: how the terminal client looks and behaves. Written by the program and by people, who may comment it.

Unknown names are an error that is reported at the start; a file that cannot be read never keeps anybody from trading:
the defaults are used, and the file is left as it is.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Literal

import msgspec

from mexchange.client.price_alerts import PriceAlert
from mexchange.config import toml_document
from mexchange.config.errors import BadFile
from mexchange.tui.notices import Kind, Sound

FPS_LOCAL: Final = 20
FPS_SSH: Final = 5

ConfirmLevel = Literal["always", "over", "never"]
Sizes = tuple[str, ...]


class Sounds(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """By kind of notice."""

    info: Sound = "off"
    fill: Sound = "bell"
    reject: Sound = "off"
    alert: Sound = "bell"
    disconnect: Sound = "bell"
    error: Sound = "off"

    def of(self, kind: Kind) -> Sound:
        """The setting of this kind."""
        sound: Sound = getattr(self, kind.value)
        return sound


class TuiSettings(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """Changed in place by the screens, then saved."""

    theme: str = "mx-dark"
    reduced_motion: bool = False
    ascii: bool = False
    """Draw with ASCII only: for terminals that have no block characters, or show some of them twice as wide."""
    fps: int = 0
    """Frames a second, 1 to 30; 0: 20, and 5 over ssh."""
    mouse: bool = True
    """Off leaves the mouse to the terminal's own selection."""
    confirm: ConfirmLevel = "over"
    confirm_over: str = "1000"
    """Ask before orders worth more than this, in the quote asset."""
    confirm_from_mid: str = "0.02"
    """Ask before orders whose price is further from the middle than this part of it."""
    understood: bool = False
    """Was it once confirmed that `never` asks nothing."""
    arm_seconds: int = 60
    """Click-to-trade is disarmed after so long without input."""
    sizes: Sizes = ("0.1", "0.5", "1", "5", "10")
    """Presets of the size, in the base asset; `,` and `.` step through them."""
    size: str = "1"
    market: str = ""
    """Shown last."""
    watch: list[str] = []
    """Symbols; none: all markets."""
    interval: str = "1m"
    density: int = 1
    indicators: list[str] = []
    wide_layout: Literal["standard", "compact", "dom"] = "standard"
    alerts: list[PriceAlert] = []
    """Waited for."""
    sounds: Sounds = msgspec.field(default_factory=Sounds)

    def frames_per_s(self, environ: Mapping[str, str]) -> int:
        """The setting, or what suits the line."""
        return self.fps or (FPS_SSH if environ.get("SSH_CONNECTION") else FPS_LOCAL)


def load(path: Path) -> TuiSettings:
    """The file's, or the defaults where there is no file. Raises BadFile."""
    try:
        table: dict[str, Any] = tomllib.loads(path.read_bytes().decode())
        settings = msgspec.convert(table, TuiSettings)
    except FileNotFoundError:
        return TuiSettings()
    except (OSError, ValueError) as error:  # also what msgspec and tomllib raise
        raise BadFile(f"{path}: {error}", "correct it, or remove it to have the defaults") from None
    if not 0 <= settings.fps <= 30:
        raise BadFile(f"{path}: fps is 1 to 30, or 0 for the default", "correct it")
    return settings


def save(path: Path, settings: TuiSettings) -> None:
    """Write what differs from the defaults; what somebody wrote beside it stays. Raises OSError, BadFile."""
    load(path)  # a file that was not understood is not ours to change
    toml_document.save(path, msgspec.to_builtins(settings), silent=_in_full(settings))


def _in_full(settings: msgspec.Struct) -> dict[str, Any]:
    """Each value, the defaults too, as the file would say it."""
    whole: dict[str, Any] = {}
    for name in settings.__struct_fields__:
        value = getattr(settings, name)
        whole[name] = _in_full(value) if isinstance(value, msgspec.Struct) else msgspec.to_builtins(value)
    return whole
