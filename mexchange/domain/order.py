"""What a trader asks for: side, type, time in force, self-trade prevention, flags. Numbers are wire format."""

from enum import IntEnum, IntFlag


class Side(IntEnum):
    """Buy takes asks and rests among bids. FIX tag 54."""

    BUY = 1
    SELL = 2

    @property
    def opposite(self) -> "Side":
        """The side that this one trades with."""
        return Side.SELL if self is Side.BUY else Side.BUY


class OrderType(IntEnum):
    """FIX tag 40."""

    LIMIT = 1
    MARKET = 2


class TimeInForce(IntEnum):
    """How long an order lives. FIX tag 59."""

    GTC = 1
    """Until cancelled."""
    IOC = 2
    """What can be filled at once; the rest is cancelled."""
    FOK = 3
    """All at once or nothing."""
    GTD = 4
    """Until `expiry_ns`."""


class SelfTradePrevention(IntEnum):
    """What happens when taker and maker belong to one owner; the taker's mode decides."""

    DEFAULT = 0
    """The account's setting, which is CANCEL_TAKER unless changed. Valid in commands only."""
    NONE = 1
    CANCEL_TAKER = 2
    CANCEL_MAKER = 3
    CANCEL_BOTH = 4
    DECREMENT = 5
    """Both are reduced by the smaller leaves; no trade."""


class OrderFlag(IntFlag):
    """Bits of `PlaceOrder.flags`."""

    POST_ONLY = 1
    """Refused rather than taking."""
    SLIDE = 2
    """With POST_ONLY: rests one tick off the opposite best instead of being refused."""
    QUOTE_AMOUNT = 4
    """Market buy: `quantity` is quote atoms to spend."""
    CANCEL_ON_DISCONNECT = 8
    """Carried, acted upon by a later version."""


class DoneReason(IntEnum):
    """Why an order left the book, or never entered it, without a reject."""

    FILLED = 1
    CANCELLED_BY_USER = 2
    """A cancel or mass cancel of the owner or of an admin."""
    IMMEDIATE_REMAINDER = 3
    """IOC or market: what could not be filled at once."""
    EXPIRED = 4
    NO_LIQUIDITY = 5
    """Market: nothing on the other side."""
    PROTECTION_PRICE = 6
    """Market: the next price is beyond the protection price."""
    SELF_TRADE = 7
    MARKET_CLOSED = 8
    ACCOUNT_CLOSED = 9
    AMENDED_AWAY = 10
    """Amended to a total at or below what is filled."""
    FILL_OR_KILL = 11
    """FOK: not all could be filled at once."""
    DUST = 12
    """Market by quote amount: less than one lot is affordable with what is left."""
