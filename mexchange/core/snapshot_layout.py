"""The whole state as bytes and back: sections in a fixed order, each sorted, so that equal states are equal bytes.

    "mXsnap" | version u16 | section*        section = id u16 | rows u32 | bytes u64 | bytes

Little-endian. Sections and their rows, by id; a list inside a row is preceded by its length as u32:

    1 HEAD       sequence, time, running digest, counters
    2 ASSETS     by asset id
    3 MARKETS    by market id, with fees per tier, reference price and last trade id
    4 SYSTEM     balances of the system accounts, by account id
    5 ACCOUNTS   by account id: settings, balances by asset, pending withdrawals by id
    6 ORDERS     by market; bids then asks, best price first, oldest first: the order of the rows is the queue
    7 MEMORIES   client order ids by account (0: the operator): answers by id, then the queues of finished ones
    8 FEATURES   in force, by number, and from which sequence on; the section is left out if there are none

Zero balances are left out. Everything else (which orders an account has open, expiries) follows from these.
"""

import struct
from typing import Final

MAGIC: Final = b"mXsnap"
VERSION: Final = 1

PREFIX: Final = struct.Struct("<6sH")
SECTION: Final = struct.Struct("<HIQ")
COUNT: Final = struct.Struct("<I")
HEAD: Final = struct.Struct("<Qq16sQQQ")
ASSET: Final = struct.Struct("<IBBq10s")
MARKET: Final = struct.Struct("<IIIIqqqqqqqqQ24s")
FEE: Final = struct.Struct("<Iqq")
BALANCE: Final = struct.Struct("<Iqq")
ACCOUNT: Final = struct.Struct("<QQIBBHIqQ")
WITHDRAWAL: Final = struct.Struct("<QIq")
ORDER: Final = struct.Struct("<Q16sQQIBBBBBqqqqqQ")
MEMORY: Final = struct.Struct("<Q16s")
ANSWER: Final = struct.Struct("<16s8sBBIQQ")
RECENT: Final = struct.Struct("<q16s")
ID: Final = struct.Struct("<16s")
FEATURE: Final = struct.Struct("<IQ")
