"""The two cookies of a browser that is signed in: the session's token, and the one that refreshes it.

Scripts cannot read them and other sites cannot have them sent. Under TLS their names begin with `__Host-`, by which
browsers refuse them from anywhere but this very host, and without `Secure`.
"""

from collections.abc import Iterable
from http.cookies import CookieError, SimpleCookie
from typing import Final

from litestar.datastructures import Cookie

from mexchange.gateway.encoding import token_of

SESSION: Final = "session"
REFRESH: Final = "refresh_token"
CODE_REQUEST: Final = "code_request"
CODE_REQUEST_S: Final = 600


class Cookies:
    """Writes and reads them."""

    def __init__(self, *, is_secure: bool) -> None:
        self._is_secure = is_secure
        self._prefix = "__Host-" if is_secure else ""

    def set(self, name: str, value: str, *, seconds: int) -> Cookie:
        """To be kept for so long."""
        return Cookie(
            key=self._prefix + name,
            value=value,
            path="/",
            max_age=seconds,
            httponly=True,
            samesite="strict",
            secure=self._is_secure,
        )

    def clear(self, *names: str) -> list[Cookie]:
        """To be kept no more."""
        return [self.set(name, "", seconds=0) for name in names]

    def token(self, headers: Iterable[tuple[bytes, bytes]], name: str) -> bytes | None:
        """The token in a cookie of a request; None without one, or with one that is none."""
        text = self.text(headers, name)
        return None if text is None else token_of(text)

    def text(self, headers: Iterable[tuple[bytes, bytes]], name: str) -> str | None:
        """The value of a cookie."""
        for key, value in headers:
            if key == b"cookie":
                try:
                    found = SimpleCookie(value.decode("latin-1")).get(self._prefix + name)
                except CookieError:
                    return None
                if found is not None:
                    return found.value
        return None
