"""What the tests of trading say again and again: fill the ticket, look at orders and notices."""

from textual.pilot import Pilot

from mexchange.client.api import Client
from mexchange.domain.order import Side
from mexchange.tui.app import MxApp
from mexchange.tui.screens.trade import TradeScreen
from mexchange.tui.trading.confirm import ConfirmScreen
from tests.tui.stage import Stage, wait_for


def app_of(pilot: Pilot[int]) -> MxApp:
    """The app, by its type."""
    assert isinstance(pilot.app, MxApp)
    return pilot.app


def screen_of(pilot: Pilot[int]) -> TradeScreen:
    """The trade screen, which must be in front."""
    screen = pilot.app.screen
    assert isinstance(screen, TradeScreen)
    return screen


def told(pilot: Pilot[int]) -> str:
    """Everything that was told, a line each."""
    return "\n".join(line.notice.whole for line in app_of(pilot).shell.notices.lines)


def open_orders(pilot: Pilot[int]) -> list[tuple[Side, int, int]]:
    """Side, price, total of the own open orders, as the app knows them."""
    orders = app_of(pilot).dealer.orders.open.values()
    return sorted((order.side, order.price, order.quantity) for order in orders)


async def truth(stage: Stage, pilot: Pilot[int]) -> list[tuple[Side, int, int]]:
    """The same as the daemon has them, whatever the app believes."""
    client = app_of(pilot).shell.client
    assert client is not None
    account = client.session.account
    async with stage.operator() as operator:
        state = await operator.account(account)
    return sorted((order.side, order.price, order.quantity) for order in state.orders)


async def typed(pilot: Pilot[int], side: str, price: str, size: str) -> None:
    """Fill the ticket as a person does."""
    await pilot.press("b" if side == "buy" else "s")
    ticket = screen_of(pilot).ticket
    await wait_for(pilot, lambda: ticket.has_focus_within)
    for name, text in (("price", price), ("size", size)):
        ticket.focus_field(name)
        await pilot.press("home", "ctrl+k", *text)


async def placed(pilot: Pilot[int], side: str, price: str, size: str) -> None:
    """An order that needs no question, from the ticket, until it is open."""
    before = len(open_orders(pilot))
    await typed(pilot, side, price, size)
    await pilot.press("enter")
    await wait_for(pilot, lambda: len(open_orders(pilot)) == before + 1)
    await pilot.press("escape", "escape")


async def asked(pilot: Pilot[int]) -> ConfirmScreen:
    """The dialog, once it is there."""
    await wait_for(pilot, lambda: isinstance(pilot.app.screen, ConfirmScreen))
    screen = pilot.app.screen
    assert isinstance(screen, ConfirmScreen)
    return screen


async def cleared(pilot: Pilot[int]) -> None:
    """No order is left."""
    client = app_of(pilot).shell.client
    assert isinstance(client, Client)
    await wait_for(pilot, lambda: client.exchange.orders.complete)
    await client.mass_cancel()
    await wait_for(pilot, lambda: not open_orders(pilot))
