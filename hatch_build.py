"""The native engine and the web page, built where they can be: for a wheel as hatchling's hook, the engine for a
checkout as a program.

    python hatch_build.py       build native/ and put the module into mexchange/native/

MX_NATIVE=auto (the default) goes without the module where cargo or its crates are missing and says in one line what is;
`require` makes that an error; `off` does not even look. Nothing waits for a network that is not there. MX_WEB says the
same of the page, which tools/web.sh builds.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any, Final

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT: Final = Path(__file__).resolve().parent
SOURCES: Final = ROOT / "native"
TARGET: Final = SOURCES / "target"
MODULE: Final = ROOT / "mexchange" / "native" / ("_native.pyd" if sys.platform == "win32" else "_native.abi3.so")
_LIBRARY: Final = {"win32": "_native.dll", "darwin": "lib_native.dylib"}.get(sys.platform, "lib_native.so")
_PATIENCE: Final = {"CARGO_NET_RETRY": "0", "CARGO_HTTP_TIMEOUT": "10"}
PAGE: Final = ROOT / "mexchange" / "gateway" / "static"
_ABI_TAG: Final = "cp311-abi3"


class CannotBuild(Exception):
    """Why there is no native engine, in one line."""


class BuiltPartsHook(BuildHookInterface[Any]):
    """Puts module and page into the wheel, and the module into the checkout for an editable install."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """hatchling calls it before it collects the files of a wheel."""
        if self.target_name != "wheel":
            return
        if version != "editable" and build_page():
            build_data["force_include"][str(PAGE)] = str(PAGE.relative_to(ROOT))
        if not build():
            return
        build_data["pure_python"] = False
        build_data["tag"] = f"{_ABI_TAG}-{sysconfig.get_platform().replace('-', '_').replace('.', '_')}"
        if version != "editable":
            build_data["force_include"][str(MODULE)] = str(MODULE.relative_to(ROOT))


def build() -> bool:
    """Whether the module is there now, as MX_NATIVE wants it. Raises CannotBuild for `require`."""
    wish = os.environ.get("MX_NATIVE") or "auto"
    if wish not in ("auto", "require", "off"):
        raise CannotBuild(f"MX_NATIVE={wish}: must be auto, require or off")
    if wish == "off":
        return False
    try:
        _build()
    except CannotBuild as missing:
        if wish == "require":
            raise
        sys.stderr.write(f"no native engine, the one in Python runs: {missing}\n")
        return False
    return True


def build_page() -> bool:
    """Whether the page is there now, as MX_WEB wants it. Raises CannotBuild for `require`."""
    shell = shutil.which("sh")
    if shell is not None:
        done = subprocess.run([shell, str(ROOT / "tools" / "web.sh"), "build"], cwd=ROOT, check=False)
        if done.returncode != 0:
            raise CannotBuild("tools/web.sh build failed")
    return (PAGE / "index.html").is_file()


def _build() -> None:
    cargo = shutil.which("cargo")
    if cargo is None:
        raise CannotBuild("cargo is not installed (https://rustup.rs)")
    if not _run([cargo, "fetch", "--locked", "--offline"]):
        said: list[str] = []
        if not _run([cargo, "fetch", "--locked"], said):
            raise CannotBuild(f"cargo cannot get the crates: {said[0]}")
    said = []
    wanted = ["--release", "--locked", "--offline", "--package", "mexchange-binding", "--target-dir", str(TARGET)]
    if not _run([cargo, "build", *wanted], said):
        raise CannotBuild(f"cargo build failed: {said[0]}")
    # A running daemon has the old module mapped: it keeps that file, and the next one finds the new.
    fresh = MODULE.with_suffix(".fresh")
    shutil.copy(TARGET / "release" / _LIBRARY, fresh)
    fresh.replace(MODULE)


def _run(command: list[str], said: list[str] | None = None) -> bool:
    """Whether it succeeded; if not, what went wrong and the last cause that it names go to `said`, in one line."""
    # Without an interpreter to look at, the same crates serve every environment.
    environ = {**os.environ, **_PATIENCE, "PYO3_NO_PYTHON": "1"}
    done = subprocess.run(command, cwd=SOURCES, env=environ, capture_output=True, text=True, check=False)
    if done.returncode != 0 and said is not None:
        lines = [line.strip() for line in done.stderr.splitlines() if line.strip()] or ["it does not say why"]
        wrong = next((line for line in lines if line.startswith("error")), lines[-1])
        said.append(f"{wrong} ({lines[-1]})" if "Caused by:" in lines else wrong)
    return done.returncode == 0


if __name__ == "__main__":
    try:
        build()
    except CannotBuild as missing:
        sys.exit(f"error: {missing}")
