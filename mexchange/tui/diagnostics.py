"""What a report of trouble should say: versions, sizes, settings, figures. Nothing secret, and nobody's name."""

import platform
from importlib.metadata import version

import msgspec
from textual.geometry import Size

from mexchange.tui.shell import Shell


def diagnostics(shell: Shell, size: Size, theme: str) -> str:
    """Lines of `name: value`."""
    vitals = msgspec.to_builtins(shell.vitals)
    vitals.pop("address", None)
    settings = msgspec.to_builtins(shell.settings)
    terminal = {name: shell.options.environ.get(name, "") for name in ("TERM", "COLORTERM", "TERM_PROGRAM", "LANG")}
    rows = {
        "mexchange": version("mexchange"),
        "textual": version("textual"),
        "python": platform.python_version(),
        "system": platform.system(),
        "size": f"{size.width}x{size.height}",
        "theme": theme,
        "ssh": "yes" if shell.options.environ.get("SSH_CONNECTION") else "no",
        **terminal,
        **{f"setting {name}": value for name, value in settings.items()},
        **{f"vital {name}": value for name, value in vitals.items()},
    }
    return "\n".join(f"{name}: {value}" for name, value in rows.items()) + "\n"
