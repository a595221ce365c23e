"""The built web page, from one folder, read once: hashed files may be kept for ever, the page itself is asked for anew.

Whatever is no file there is the page: its own router knows the way. Without a built page one line says how to get it.
"""

import mimetypes
from pathlib import Path
from typing import Final, NamedTuple

BUILT: Final = Path(__file__).parent / "static"
HASHED: Final = "/assets/"
FILES_MAX: Final = 2_000
_MISSING: Final = (
    b"<!doctype html><html lang='en'><title>mExchange</title><body><p>The web page is not built: "
    b"<code>sh tools/web.sh build</code>. The API is described at <a href='/docs'>/docs</a>.</p></body></html>"
)


class File(NamedTuple):
    """An answer."""

    body: bytes
    media_type: str
    cache: str
    status: int = 200


class Page:
    """Files by path."""

    def __init__(self, folder: Path | None = None) -> None:
        """`folder`: of the built page; None: within the package."""
        self._files: dict[str, File] = {}
        root = folder or BUILT
        for path in sorted(root.rglob("*"))[:FILES_MAX] if root.is_dir() else ():
            if path.is_file() and not path.name.endswith(".map"):
                name = "/" + path.relative_to(root).as_posix()
                kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
                cache = "public, max-age=31536000, immutable" if name.startswith(HASHED) else "no-cache"
                self._files[name] = File(path.read_bytes(), kind, cache)
        self.is_built = "/index.html" in self._files
        self._index = self._files.get("/index.html", File(_MISSING, "text/html", "no-cache"))

    def get(self, path: str) -> File:
        """The file of that path, else the page; a hashed file that is not there is missing, not the page."""
        found = self._files.get(path)
        if found is None and path.startswith(HASHED):
            return File(b"not found", "text/plain", "no-store", 404)
        return found or self._index
