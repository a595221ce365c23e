"""What a person is to the exchange, and what their keys can be good for at most."""

from enum import IntEnum
from typing import Final

from mexchange.domain.scopes import OPERATOR, OWN, READ_ONLY, Scope


class Role(IntEnum):
    """Kept in the database, never reused."""

    TRADER = 1
    READ_ONLY = 2
    """Looks, and moves nothing, whatever its keys say."""
    MARKET_MAKER = 3
    """A trader whose rate of orders has a limit of its own."""
    ADMIN = 4
    SERVICE = 5
    """A program of the exchange, such as a gateway: acts for people whom it has signed in, and has no funds."""


SCOPES: Final[dict[int, Scope]] = {
    Role.TRADER: OWN,
    Role.READ_ONLY: READ_ONLY,
    Role.MARKET_MAKER: OWN,
    Role.ADMIN: OPERATOR,
    Role.SERVICE: Scope.PUBLIC | Scope.DELEGATE,
}


def effective(role: int, scopes: int) -> Scope:
    """What a key with these scopes may do in the hands of that role; unknown roles may nothing."""
    return SCOPES.get(role, Scope(0)) & Scope(scopes)


def show(role: int) -> str:
    """`market-maker`."""
    return Role(role).name.lower().replace("_", "-") if role in SCOPES else f"role {role}"


def parse(text: str) -> Role:
    """From `show`. ValueError."""
    try:
        return Role[text.upper().replace("-", "_")]
    except KeyError:
        raise ValueError(f"there is no role {text!r}: {' '.join(map(show, Role))}") from None
