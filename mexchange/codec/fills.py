"""A fill as it is told at once, as the row that the tables of history tell of it later."""

from mexchange.codec.messages import Fill
from mexchange.domain.events import Filled
from mexchange.domain.units import Atoms, TimeNs


def fill_of(event: Filled, time_ns: int) -> Fill:
    """Events carry no time of their own, nor what only those tables reckon: value and profit realised are 0."""
    return Fill(
        account_sequence=event.account_sequence,
        sequence=event.sequence,
        time_ns=TimeNs(time_ns),
        trade_id=event.trade_id,
        order_id=event.order_id,
        price=event.price,
        quantity=event.quantity,
        value=Atoms(0),
        fee=event.fee,
        realised=Atoms(0),
        market=event.market,
        side=event.side,
        is_maker=event.is_maker,
    )
