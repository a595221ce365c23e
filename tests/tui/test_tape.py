"""The tape."""

from mexchange.domain.order import Side
from mexchange.tui.glyphs import ASCII, Look
from mexchange.tui.widgets.tape import Tape
from tests.tui.pictures import KCN_EUR, Easel, trades


def lines(tape: Tape) -> list[str]:
    return [tape.render_line(y).text for y in range(tape.size.height)]


async def test_a_trade_is_told_by_glyph_word_price_size_and_time() -> None:
    tape = Tape()
    async with Easel(tape).run_test(size=(34, 4)) as pilot:
        shown = trades(2)
        tape.show(shown, KCN_EUR)
        await pilot.pause()
        bought = [trade.side == Side.BUY for trade in shown]
        assert [line.split()[:2] for line in lines(tape)[:2]] == [
            ["▲", "BUY"] if each else ["▼", "SELL"] for each in bought
        ]
        assert lines(tape)[0].split()[2:] == [
            KCN_EUR.price(shown[0].price),
            KCN_EUR.size(shown[0].quantity),
            KCN_EUR.time(shown[0].time_ns),
        ]
        assert lines(tape)[2].strip() == ""


async def test_small_trades_are_left_out() -> None:
    tape = Tape()
    async with Easel(tape).run_test(size=(34, 10)) as pilot:
        shown = trades(100)
        tape.show(shown, KCN_EUR)
        tape.min_size = 30_000
        await pilot.pause()
        large = [KCN_EUR.size(trade.quantity) for trade in shown if trade.quantity >= 30_000]
        assert [line.split()[3] for line in lines(tape)] == large[:10]
        assert tape.titles == ("Tape", "≥ 30")
        tape.min_size = 10**9
        assert lines(tape)[0].strip() == "none of this size"


async def test_scrolled_away_it_stays_where_it_is() -> None:
    tape = Tape()
    async with Easel(tape).run_test(size=(34, 6)) as pilot:
        shown = trades(60)
        tape.show(shown[10:], KCN_EUR)
        tape.action_cursor_down()
        await pilot.pause()
        before = lines(tape)
        tape.show(shown, KCN_EUR)
        assert lines(tape) == before
        tape.action_cursor_home()
        assert KCN_EUR.time(shown[0].time_ns) in lines(tape)[0]
        tape.action_cursor_end()
        tape.action_cursor_page_up()
        tape.action_cursor_page_down()
        assert KCN_EUR.time(shown[-1].time_ns) in lines(tape)[-1]


async def test_a_press_tells_the_price_that_was_painted() -> None:
    tape = Tape()
    easel = Easel(tape)
    async with easel.run_test(size=(34, 6), message_hook=easel.remember) as pilot:
        shown = trades(60)
        tape.show(shown, KCN_EUR)
        await pilot.pause()
        await pilot.click(Tape, (5, 3))
        (message,) = easel.posted
        assert (message.side, message.price) == (shown[3].side, shown[3].price)


async def test_without_trades_it_says_so_and_ascii_is_ascii() -> None:
    tape = Tape()
    async with Easel(tape).run_test(size=(34, 6)):
        tape.show([], KCN_EUR)
        assert lines(tape)[0].strip() == "no trades yet"
        tape.look = Look(ASCII)
        tape.show(trades(9), KCN_EUR)
        assert "".join(lines(tape)).isascii()
        assert "".join(tape.titles).isascii()
