"""A candle arrives as it was sent, however great its sums."""

from hypothesis import given
from hypothesis import strategies as st

from mexchange.codec import MessageType, decode, encode
from mexchange.codec.blocks import BLOCK_HEADER
from mexchange.codec.candles import candle_of, row_of
from mexchange.codec.messages import Candles
from mexchange.domain.candles import Candle

prices = st.integers(0, 2**48)
sums = st.integers(0, 2**128 - 1)
ids = st.integers(0, 2**64 - 1)
candles = st.builds(Candle, st.integers(0, 2**62), prices, prices, prices, prices, sums, sums, ids, ids, ids)


@given(st.lists(candles, max_size=11))
def test_candles_travel_whole_in_one_datagram(sent: list[Candle]) -> None:
    block = encode(Candles(candles=[row_of(candle) for candle in sent]))
    assert len(block) <= 1_168
    message = decode(MessageType.CANDLES, block[BLOCK_HEADER:])
    assert isinstance(message, Candles)
    assert [candle_of(row) for row in message.candles] == sent
