"""Every "no" of the exchange, in one table.

The order of the members is the order of precedence: the first that applies is the answer. Codes are wire format and
never reused. `mx help errors` and docs/ERRORS.md come from this table.
"""

from enum import IntEnum
from typing import Final

import msgspec


class RejectReason(IntEnum):
    """Why a command changed nothing."""

    THROTTLED = 1
    OVERLOADED = 2
    READ_ONLY = 3
    PAST_DEADLINE = 4
    NOT_LOGGED_IN = 5
    SCOPE_MISSING = 6
    FOREIGN_ACCOUNT = 7
    MALFORMED = 8
    TOO_MANY_SUBSCRIPTIONS = 9
    KEY_MARKET = 10
    KEY_REDUCE_ONLY = 11
    KEY_NOTIONAL = 12
    HISTORY_UNAVAILABLE = 13
    CLIENT_ID_INVALID = 20
    CLIENT_ID_REUSED = 21
    STALE_CLIENT_ID = 22
    ACCOUNT_NOT_FOUND = 23
    ACCOUNT_CLOSED = 24
    ACCOUNT_FROZEN = 25
    OWNER_INVALID = 26
    SETTING_INVALID = 27
    ASSET_NOT_FOUND = 30
    ASSET_INVALID = 31
    SYMBOL_TAKEN = 32
    TOO_MANY_ASSETS = 33
    AMOUNT_INVALID = 34
    SUPPLY_EXCEEDED = 35
    TRANSFER_INVALID = 36
    WITHDRAWAL_NOT_FOUND = 37
    TOO_MANY_WITHDRAWALS = 38
    MARKET_NOT_FOUND = 40
    MARKET_INVALID = 41
    MARKET_INEXACT = 42
    TOO_MANY_MARKETS = 43
    FEES_INVALID = 44
    MARKET_CLOSED = 45
    MARKET_HALTED = 46
    MARKET_CANCEL_ONLY = 47
    ACCOUNT_REDUCE_ONLY = 48
    ORDER_NOT_FOUND = 50
    FILLED_MEANWHILE = 51
    AMEND_INVALID = 52
    SIDE_INVALID = 53
    ORDER_TYPE_INVALID = 54
    EXPIRY_INVALID = 55
    PRICE_INVALID = 56
    TICK_INVALID = 57
    LOT_INVALID = 58
    QUANTITY_INVALID = 59
    QUANTITY_BELOW_MIN = 60
    QUANTITY_ABOVE_MAX = 61
    NOTIONAL_BELOW_MIN = 62
    NOTIONAL_ABOVE_MAX = 63
    TOO_MANY_ORDERS = 64
    POST_ONLY_WOULD_TAKE = 65
    INSUFFICIENT_FUNDS = 66
    IDENTITY_UNAVAILABLE = 80
    TOO_MANY_CODES = 81
    CODE_WRONG = 82
    SECOND_FACTOR_MISSING = 83
    EMAIL_INVALID = 84
    EMAIL_MISSING = 85
    EMAIL_TAKEN = 86
    KEY_INVALID = 87
    KEY_NOT_FOUND = 88
    TOO_MANY_KEYS = 89
    SESSION_NOT_FOUND = 90
    SESSION_ENDED = 91
    SECOND_FACTOR_STATE = 92
    WALLET_UNAVAILABLE = 100
    FAUCET_OFF = 101
    FAUCET_EMPTY = 102
    WALLET_OFF = 103
    WITHDRAWAL_BELOW_MIN = 104
    WITHDRAWAL_ABOVE_LIMIT = 105
    ADDRESS_INVALID = 106
    WITHDRAWAL_STATE = 107
    SAME_PERSON = 108
    ACCOUNT_NAME_INVALID = 109


class Reject(msgspec.Struct, frozen=True):
    """What people and programs are told about a reason."""

    code: str
    """Stable text name, `E_...`."""
    text: str
    hint: str
    exit_code: int
    """Of `mx`: 2 usage, 3 not found, 4 auth, 5 rejected, 6 conflict, 7 unknown, 9 rate, 10 halted."""
    retryable: bool
    """May the same request succeed later without changing it."""
    seed_code: int
    """The JSON-RPC code of the exchange that this one replaces."""
    detail: str
    """What `Rejected.detail` says; empty: nothing."""
    given_by: str
    """`ingress` (never journalled), `engine` (journalled and remembered), `client` (before anything is sent) or
    `identity` and `wallet` (a request that is no command, refused)."""


def _reject(
    code: str,
    text: str,
    hint: str = "",
    *,
    exit_code: int = 5,
    retryable: bool = False,
    seed_code: int = 10001,
    detail: str = "",
    given_by: str = "engine",
) -> Reject:
    return Reject(code, text, hint, exit_code, retryable, seed_code, detail, given_by)


REJECTS: Final[dict[RejectReason, Reject]] = {
    RejectReason.THROTTLED: _reject(
        "E_RATE",
        "too many requests",
        "wait for retry_ms, then send the same request again",
        exit_code=9,
        retryable=True,
        detail="milliseconds to wait",
        given_by="ingress",
    ),
    RejectReason.OVERLOADED: _reject(
        "E_OVERLOADED",
        "the exchange is overloaded and refuses new orders first",
        "try again shortly; cancels still work",
        exit_code=9,
        retryable=True,
        given_by="ingress",
    ),
    RejectReason.READ_ONLY: _reject(
        "E_DISK_FULL",
        "the exchange cannot write any further: new orders are refused until the operator frees disk space",
        "cancels still work; try again later",
        exit_code=9,
        retryable=True,
        given_by="ingress",
    ),
    RejectReason.PAST_DEADLINE: _reject(
        "E_DEADLINE",
        "the request arrived after its deadline",
        "send it again with a later deadline",
        exit_code=7,
        retryable=True,
        given_by="ingress",
    ),
    RejectReason.NOT_LOGGED_IN: _reject(
        "E_AUTH",
        "this session is not logged in",
        "mx auth status shows who you are",
        exit_code=4,
        seed_code=10000,
        given_by="ingress",
    ),
    RejectReason.SCOPE_MISSING: _reject(
        "E_SCOPE",
        "the key of this session may not do that",
        "use a key with the scope that the request needs",
        exit_code=4,
        seed_code=10000,
        given_by="ingress",
    ),
    RejectReason.FOREIGN_ACCOUNT: _reject(
        "E_ACCOUNT",
        "that account is not yours",
        "leave the account out, or name one of your own",
        exit_code=4,
        seed_code=10000,
        given_by="ingress",
    ),
    RejectReason.MALFORMED: _reject(
        "E_MALFORMED",
        "the request cannot be read",
        "check the field values against the protocol's limits",
        exit_code=2,
        seed_code=-32602,
        given_by="ingress",
    ),
    RejectReason.TOO_MANY_SUBSCRIPTIONS: _reject(
        "E_SUBSCRIPTIONS",
        "this session, or this market's groupings, have as many subscriptions as they may",
        "end another subscription first",
        exit_code=9,
        retryable=True,
        given_by="ingress",
    ),
    RejectReason.KEY_MARKET: _reject(
        "E_KEY_MARKET",
        "the key of this session may not trade in that market",
        "mx auth keys list shows the markets of each key",
        exit_code=4,
        seed_code=10000,
        given_by="ingress",
    ),
    RejectReason.KEY_REDUCE_ONLY: _reject(
        "E_KEY_REDUCE_ONLY",
        "the key of this session may sell and cancel, not buy",
        "use another key",
        exit_code=4,
        seed_code=10000,
        given_by="ingress",
    ),
    RejectReason.KEY_NOTIONAL: _reject(
        "E_KEY_NOTIONAL",
        "the order exceeds what the key of this session may trade within an hour",
        "wait, order less, or use another key",
        exit_code=9,
        retryable=True,
        detail="quote atoms that are left of the hour",
        given_by="ingress",
    ),
    RejectReason.HISTORY_UNAVAILABLE: _reject(
        "E_HISTORY",
        "history is not available now, trading goes on",
        "ask again later; mx status shows how far behind it is",
        exit_code=8,
        retryable=True,
        given_by="ingress",
    ),
    RejectReason.CLIENT_ID_INVALID: _reject(
        "E_CLIENT_ID",
        "the client order id is not valid",
        "use a UUIDv7, or 1 to 16 of the characters A-Z a-z 0-9 . _ : -",
        exit_code=2,
        seed_code=-32602,
    ),
    RejectReason.CLIENT_ID_REUSED: _reject(
        "E_CLIENT_ID_REUSED",
        "this client order id was used for another request",
        "give each request an id of its own",
        exit_code=6,
        detail="sequence of the first use",
    ),
    RejectReason.STALE_CLIENT_ID: _reject(
        "E_CLIENT_ID_STALE",
        "this client order id is older than the exchange remembers; nothing was done",
        "look the order up in your history before sending it with a new id",
        exit_code=6,
    ),
    RejectReason.ACCOUNT_NOT_FOUND: _reject(
        "E_ACCOUNT_NOT_FOUND",
        "there is no such account",
        "mx status shows the account of this session",
        exit_code=3,
        seed_code=10000,
    ),
    RejectReason.ACCOUNT_CLOSED: _reject(
        "E_ACCOUNT_CLOSED", "the account is closed", "funds can only be withdrawn", exit_code=4
    ),
    RejectReason.ACCOUNT_FROZEN: _reject(
        "E_ACCOUNT_FROZEN", "the account is frozen", "open orders can be cancelled; contact the operator", exit_code=4
    ),
    RejectReason.OWNER_INVALID: _reject(
        "E_OWNER",
        "the owner or the account number is not valid",
        "an owner is a number above zero, an account number at most 255",
        exit_code=2,
        seed_code=-32602,
    ),
    RejectReason.SETTING_INVALID: _reject(
        "E_SETTING",
        "the account setting does not take this value",
        "mx help lists the settings and their ranges",
        exit_code=2,
        seed_code=-32602,
    ),
    RejectReason.ASSET_NOT_FOUND: _reject(
        "E_ASSET_NOT_FOUND", "there is no such asset", "mx balance lists the assets", exit_code=3, seed_code=-32602
    ),
    RejectReason.ASSET_INVALID: _reject(
        "E_ASSET",
        "the asset is not valid",
        "a symbol is 1 to 10 of A-Z 0-9, a scale 0 to 9, display decimals at most the scale",
        exit_code=2,
        seed_code=-32602,
    ),
    RejectReason.SYMBOL_TAKEN: _reject(
        "E_SYMBOL_TAKEN",
        "the symbol exists already",
        "choose another symbol, or change the existing one",
        exit_code=6,
        seed_code=-32602,
        detail="id of the existing asset or market",
    ),
    RejectReason.TOO_MANY_ASSETS: _reject(
        "E_ASSETS_MAX", "the exchange has as many assets as it can hold", seed_code=-32602
    ),
    RejectReason.AMOUNT_INVALID: _reject(
        "E_AMOUNT",
        "the amount must be a whole number of atoms above zero and below the asset's supply",
        "check the amount's decimals",
        exit_code=2,
        seed_code=-32602,
    ),
    RejectReason.SUPPLY_EXCEEDED: _reject(
        "E_SUPPLY", "the deposit would exceed the asset's largest supply", detail="atoms that could still be deposited"
    ),
    RejectReason.TRANSFER_INVALID: _reject(
        "E_TRANSFER", "a transfer needs two different user accounts that are not closed", exit_code=2, seed_code=-32602
    ),
    RejectReason.WITHDRAWAL_NOT_FOUND: _reject(
        "E_WITHDRAWAL_NOT_FOUND", "there is no such pending withdrawal", exit_code=3
    ),
    RejectReason.TOO_MANY_WITHDRAWALS: _reject(
        "E_WITHDRAWALS_MAX",
        "the account has as many pending withdrawals as it may",
        "confirm or release some first",
        detail="the limit that was reached",
    ),
    RejectReason.MARKET_NOT_FOUND: _reject(
        "E_MARKET_NOT_FOUND", "there is no such market", "mx markets lists them", exit_code=3, seed_code=-32602
    ),
    RejectReason.MARKET_INVALID: _reject(
        "E_MARKET",
        "the market's rules contradict each other",
        "base and quote differ, limits are in order, the band is between 1 ppm and 100 %",
        exit_code=2,
        seed_code=-32602,
    ),
    RejectReason.MARKET_INEXACT: _reject(
        "E_MARKET_INEXACT",
        "tick and lot do not make whole atoms of the quote asset",
        "use a larger lot or tick",
        exit_code=2,
        seed_code=-32602,
        detail="nearest lot size that works, in base atoms",
    ),
    RejectReason.TOO_MANY_MARKETS: _reject(
        "E_MARKETS_MAX", "the exchange has as many markets as it can hold", seed_code=-32602
    ),
    RejectReason.FEES_INVALID: _reject(
        "E_FEES", "maker and taker fee together must not be negative, nor beyond 10 %", exit_code=2, seed_code=-32602
    ),
    RejectReason.MARKET_CLOSED: _reject(
        "E_MARKET_CLOSED", "the market is closed", "mx markets shows which ones are open", exit_code=10
    ),
    RejectReason.MARKET_HALTED: _reject(
        "E_MARKET_HALTED",
        "the market is halted",
        "orders can be cancelled; wait until it opens again",
        exit_code=10,
        retryable=True,
    ),
    RejectReason.MARKET_CANCEL_ONLY: _reject(
        "E_MARKET_CANCEL_ONLY",
        "the market takes cancels and smaller amends only",
        "wait until it opens again",
        exit_code=10,
        retryable=True,
    ),
    RejectReason.ACCOUNT_REDUCE_ONLY: _reject("E_REDUCE_ONLY", "the account may sell and withdraw, not buy"),
    RejectReason.ORDER_NOT_FOUND: _reject(
        "E_ORDER_NOT_FOUND",
        "there is no such open order",
        "it may be filled or cancelled: mx order get ID",
        exit_code=3,
        seed_code=10002,
    ),
    RejectReason.FILLED_MEANWHILE: _reject(
        "E_FILLED_MEANWHILE",
        "the order was filled further than expected",
        "look at what is left, then amend again",
        exit_code=6,
        detail="filled lots",
    ),
    RejectReason.AMEND_INVALID: _reject(
        "E_AMEND",
        "the amend changes nothing, or something that it cannot",
        "give a new price, a new quantity, or both",
        exit_code=2,
        seed_code=-32602,
    ),
    RejectReason.SIDE_INVALID: _reject("E_SIDE", "the side must be buy or sell", exit_code=2, seed_code=-32602),
    RejectReason.ORDER_TYPE_INVALID: _reject(
        "E_ORDER_TYPE",
        "this combination of order type, time in force and flags does not exist",
        "post-only orders rest; market orders are IOC or FOK; quote amounts are for market buys",
        exit_code=2,
        seed_code=-32602,
    ),
    RejectReason.EXPIRY_INVALID: _reject(
        "E_EXPIRY", "the expiry must lie in the future, and only GTD orders have one", exit_code=2, seed_code=-32602
    ),
    RejectReason.PRICE_INVALID: _reject(
        "E_PRICE", "the price is not valid", "a price is above zero and a multiple of the tick size", seed_code=-32602
    ),
    RejectReason.TICK_INVALID: _reject(
        "E_TICK",
        "the price is not a multiple of the tick size",
        "mx markets shows tick sizes",
        seed_code=-32602,
        given_by="client",
    ),
    RejectReason.LOT_INVALID: _reject(
        "E_LOT",
        "the quantity is not a multiple of the lot size",
        "mx markets shows lot sizes",
        seed_code=-32602,
        given_by="client",
    ),
    RejectReason.QUANTITY_INVALID: _reject("E_QUANTITY", "the quantity must be above zero", seed_code=-32602),
    RejectReason.QUANTITY_BELOW_MIN: _reject(
        "E_QUANTITY_MIN", "the quantity is below the market's minimum", detail="smallest quantity in lots"
    ),
    RejectReason.QUANTITY_ABOVE_MAX: _reject(
        "E_QUANTITY_MAX", "the quantity is above the market's maximum", detail="largest quantity in lots"
    ),
    RejectReason.NOTIONAL_BELOW_MIN: _reject(
        "E_NOTIONAL_MIN",
        "price times quantity is below the market's minimum",
        detail="smallest notional in quote atoms",
    ),
    RejectReason.NOTIONAL_ABOVE_MAX: _reject(
        "E_NOTIONAL_MAX", "price times quantity is above the limit", detail="largest notional in quote atoms"
    ),
    RejectReason.TOO_MANY_ORDERS: _reject(
        "E_ORDERS_MAX",
        "the account has as many open orders as it may",
        "cancel some first",
        detail="the limit that was reached",
    ),
    RejectReason.POST_ONLY_WOULD_TAKE: _reject(
        "E_POST_ONLY",
        "the post-only order would have taken",
        "use a price off the opposite best, or let it slide",
        detail="opposite best in ticks",
    ),
    RejectReason.INSUFFICIENT_FUNDS: _reject(
        "E_FUNDS", "not enough funds", "deposit, or cancel orders that hold funds", detail="available atoms"
    ),
    RejectReason.IDENTITY_UNAVAILABLE: _reject(
        "E_IDENTITY_UNAVAILABLE",
        "people and keys cannot be looked up now; nothing was done",
        "open sessions trade on; try again shortly",
        exit_code=9,
        retryable=True,
        given_by="identity",
    ),
    RejectReason.TOO_MANY_CODES: _reject(
        "E_CODES",
        "too many codes were asked for",
        "use the one that was mailed last, or wait a quarter of an hour",
        exit_code=9,
        retryable=True,
        seed_code=10000,
        given_by="identity",
    ),
    RejectReason.CODE_WRONG: _reject(
        "E_CODE",
        "that code is not valid",
        "a code is good for ten minutes, five tries and one use; ask for a new one",
        exit_code=4,
        seed_code=10000,
        given_by="identity",
    ),
    RejectReason.SECOND_FACTOR_MISSING: _reject(
        "E_TOTP",
        "the code of your authenticator is missing or not valid",
        "give the six digits that it shows now, or a backup code",
        exit_code=4,
        seed_code=10000,
        given_by="identity",
    ),
    RejectReason.EMAIL_INVALID: _reject(
        "E_EMAIL", "that is not an e-mail address", exit_code=2, seed_code=-32602, given_by="identity"
    ),
    RejectReason.EMAIL_MISSING: _reject(
        "E_EMAIL_MISSING",
        "this needs a code by mail, and you have no e-mail address",
        "mx auth email change ADDRESS",
        exit_code=4,
        seed_code=10000,
        given_by="identity",
    ),
    RejectReason.EMAIL_TAKEN: _reject(
        "E_EMAIL_TAKEN", "that address belongs to another account", exit_code=6, seed_code=10000, given_by="identity"
    ),
    RejectReason.KEY_INVALID: _reject(
        "E_KEY",
        "the key's settings are not valid",
        "scopes of your own, networks such as 192.0.2.0/24, an expiry to come, a signature by the key itself",
        exit_code=2,
        seed_code=-32602,
        given_by="identity",
    ),
    RejectReason.KEY_NOT_FOUND: _reject(
        "E_KEY_NOT_FOUND",
        "you have no such key",
        "mx auth keys list",
        exit_code=3,
        seed_code=10000,
        given_by="identity",
    ),
    RejectReason.TOO_MANY_KEYS: _reject(
        "E_KEYS_MAX", "you have as many keys as you may", "revoke one first", seed_code=10000, given_by="identity"
    ),
    RejectReason.SESSION_NOT_FOUND: _reject(
        "E_SESSION_NOT_FOUND",
        "you have no such session",
        "mx auth sessions",
        exit_code=3,
        seed_code=10000,
        given_by="identity",
    ),
    RejectReason.SESSION_ENDED: _reject(
        "E_SESSION", "that session is over", "sign in again", exit_code=4, seed_code=10000, given_by="identity"
    ),
    RejectReason.SECOND_FACTOR_STATE: _reject(
        "E_TOTP_STATE",
        "the second factor is not in the state that this needs",
        "mx auth status shows whether it is on",
        exit_code=6,
        seed_code=10000,
        given_by="identity",
    ),
    RejectReason.WALLET_UNAVAILABLE: _reject(
        "E_WALLET_UNAVAILABLE",
        "the wallet cannot be reached now; nothing was done",
        "trading goes on; try again shortly",
        exit_code=9,
        retryable=True,
        given_by="wallet",
    ),
    RejectReason.FAUCET_OFF: _reject(
        "E_FAUCET_OFF", "this exchange gives nothing away", "only a demo does: mx demo", given_by="wallet"
    ),
    RejectReason.FAUCET_EMPTY: _reject(
        "E_FAUCET",
        "you have had your share of the faucet for these 24 hours",
        "come back later",
        exit_code=9,
        retryable=True,
        given_by="client",
    ),
    RejectReason.WALLET_OFF: _reject(
        "E_WALLET_OFF",
        "this exchange is not connected to the world outside",
        "its operator sets wallet.chain, and may credit accounts by hand: mx admin deposit",
        given_by="wallet",
    ),
    RejectReason.WITHDRAWAL_BELOW_MIN: _reject(
        "E_WITHDRAWAL_MIN", "the amount is below the least that can be withdrawn", given_by="wallet"
    ),
    RejectReason.WITHDRAWAL_ABOVE_LIMIT: _reject(
        "E_WITHDRAWAL_LIMIT",
        "that would be more than may be withdrawn in 24 hours",
        "wait, or ask the operator",
        given_by="wallet",
    ),
    RejectReason.ADDRESS_INVALID: _reject(
        "E_ADDRESS", "that cannot be an address of this asset", "check it for what is missing", given_by="wallet"
    ),
    RejectReason.WITHDRAWAL_STATE: _reject(
        "E_WITHDRAWAL_STATE",
        "the withdrawal has gone too far for that, or not far enough",
        "mx wallet list shows where it stands",
        exit_code=6,
        given_by="wallet",
    ),
    RejectReason.SAME_PERSON: _reject(
        "E_FOUR_EYES",
        "whoever asks for a withdrawal does not approve it",
        "another operator has to",
        exit_code=4,
        given_by="wallet",
    ),
    RejectReason.ACCOUNT_NAME_INVALID: _reject(
        "E_ACCOUNT_NAME",
        "the account cannot have that name",
        "1 to 32 printable characters, not digits alone, and no name twice",
        exit_code=2,
        given_by="wallet",
    ),
}

assert list(REJECTS) == list(RejectReason), "each reason has its row, in order of precedence"
