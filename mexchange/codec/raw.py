"""The batched commands of traders without their objects: for ingress and the engine's hot loop.

    account, actor, deadline_ns, rows = NEW_ORDERS.read(payload)
    for row in NEW_ORDERS.row.iter_unpack(rows):
        client_order_id, price, quantity, expiry_ns, market, side, type_tif, stp, flags = row

Rows of CANCELS are (client_order_id, target, order_id), of AMENDS (client_order_id, order_id, price, quantity,
expected_filled).
"""

from typing import Final

from mexchange.codec.blocks import BLOCK_HEADER, DATAGRAM_BLOCKS_MAX
from mexchange.codec.fixed_table import FixedTable

NEW_ORDERS: Final = FixedTable("NewOrders")
CANCELS: Final = FixedTable("Cancels")
AMENDS: Final = FixedTable("Amends")


def rows_per_datagram(table: FixedTable) -> int:
    """How many rows one block has that fills a datagram alone."""
    return (DATAGRAM_BLOCKS_MAX - BLOCK_HEADER - table.head_size) // table.row.size


ORDERS_PER_DATAGRAM: Final = rows_per_datagram(NEW_ORDERS)
CANCELS_PER_DATAGRAM: Final = rows_per_datagram(CANCELS)
AMENDS_PER_DATAGRAM: Final = rows_per_datagram(AMENDS)
