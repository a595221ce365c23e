"""Every key of the terminal client, in one table: id, keys, action, description, scope.

A key is looked up from the inside out: the focused widget's scope, then the screen's, then the app's. `keymap.toml` in
the config directory may give any id other keys:

    "order.cancel_all" = "f9"
    "ladder.down"      = "j,down,ctrl+n"

This module imports nothing of ours, so that every widget can take its bindings from here.
"""

from collections.abc import Mapping
from typing import Final, Literal

import msgspec
from textual.binding import Binding

Scope = Literal[
    "app", "trade", "ladder", "chart", "tape", "depth", "watch", "orders", "fills", "balances", "alerts", "log",
    "ticket", "portfolio", "admin", "replay",
]  # fmt: skip
SCREENS: Final = ("trade", "portfolio", "admin", "replay")


class Key(msgspec.Struct, frozen=True):
    """One thing that keys do."""

    id: str
    keys: str
    """Textual's names, separated by commas; the first is the one that is shown."""
    action: str
    """`name` or `name(arguments)` of the `action_name` that the scope's widget, screen or app has."""
    description: str
    scope: Scope
    hint: str = ""
    """One or two words for the bottom line; empty: not shown there."""
    priority: bool = False
    """Goes before the focused widget, also while text is being typed."""

    @property
    def all_keys(self) -> list[str]:
        """Each of them."""
        return [key.strip() for key in self.keys.split(",") if key.strip()]


TABLE: Final[tuple[Key, ...]] = (
    # Everywhere.
    Key("app.quit", "q,f10,ctrl+q,ctrl+c", "leave", "Quit; asks first while orders are open", "app", "Quit"),
    Key("app.help", "question_mark,f1", "help_here", "Keys and help for the focused panel", "app", "Help"),
    Key("app.palette", "ctrl+p", "command_palette", "Command palette", "app", "Palette", priority=True),
    Key("app.command_line", "colon", "command_line", "Type a command", "app"),
    Key("app.theme", "t", "next_theme", "Next theme", "app"),
    Key("app.palette_cycle", "T", "next_side_colours", "Green up, red up, blue and orange", "app"),
    Key("app.screenshot", "f12", "screenshot_file", "Save the screen as SVG", "app"),
    Key("app.redraw", "ctrl+l", "redraw", "Draw everything anew", "app"),
    Key("app.recording", "R", "open_recording", "Play a recording: choose a file", "app"),
    Key("app.mode_trade", "alt+1", "mode('trade')", "The trade screen", "app"),
    Key("app.mode_portfolio", "alt+2", "mode('portfolio')", "The portfolio: worth, cost, profit", "app"),
    Key("app.mode_admin", "alt+3", "mode('admin')", "Markets, withdrawals, accounts: for operators", "app"),
    # The trade screen.
    Key("jump", "g", "jump", "Jump mode: a letter for every panel; gg goes to the top", "trade", "Jump"),
    Key("market.search", "slash,f2", "search_market", "Find a market", "trade", "Markets"),
    *(
        Key(f"panel.{number}", str(number), f"panel({number})", description, "trade")
        for number, description in enumerate(
            ("Chart", "Tape", "Depth", "Orders", "Positions", "Balances", "Fills", "Alerts", "Log"), 1
        )
    ),
    Key("panel.ladder", "0", "panel(0)", "Ladder", "trade"),
    Key("panel.next", "tab", "focus_next_panel", "Next panel", "trade"),
    Key("panel.previous", "shift+tab", "focus_previous_panel", "Previous panel", "trade"),
    Key("panel.window", "ctrl+w", "window_prefix", "Then h j k l: the panel on that side", "trade"),
    Key("panel.zoom", "Z", "zoom_panel", "The focused panel alone, and back", "trade"),
    Key("size.count", "n", "count", "Then digits: n5 sets the size to 5", "trade"),
    Key("menu.open", "M,shift+f10", "context_menu", "Menu of what is under the cursor", "trade"),
    Key("back", "escape", "back", "Back, disarm, clear", "trade"),
    # Orders, wherever the focus is on the trade screen.
    Key("order.buy", "b,f5", "ticket('buy')", "Buy ticket, at the cursor's price", "trade", "Buy"),
    Key("order.sell", "s,f6", "ticket('sell')", "Sell ticket, at the cursor's price", "trade", "Sell"),
    Key("order.type", "m", "order_type", "Limit or market", "trade"),
    Key("order.cancel", "c", "cancel_selected", "Cancel the selected order", "trade", "Cancel"),
    Key("order.cancel_all", "X,f9", "cancel_all", "Cancel all of this market; twice: of all", "trade", "Cancel all"),
    Key("order.amend", "a", "amend", "Amend the selected order in place", "trade", "Amend"),
    Key("order.up", "ctrl+up", "nudge(1)", "Selected order a tick up", "trade"),
    Key("order.down", "ctrl+down", "nudge(-1)", "Selected order a tick down", "trade"),
    Key("order.join_bid", "B", "join('buy')", "Join the best bid at once, while armed", "trade"),
    Key("order.join_ask", "S", "join('sell')", "Join the best ask at once, while armed", "trade"),
    Key("order.flatten", "f,f7", "flatten", "Sell all you hold of this market's base", "trade", "Flatten"),
    Key("order.reverse", "r", "reverse", "Reverse the position; spot markets have none", "trade"),
    Key("ladder.arm", "d,f8", "arm", "Arm or disarm: a click in the ladder is an order", "trade", "DOM"),
    Key("size.down", "comma", "size(-1)", "The next smaller preset size", "trade", "Size"),
    Key("size.up", "full_stop", "size(1)", "The next larger preset size", "trade"),
    Key("order.yank", "y", "yank", "Copy the command that would do the same", "trade"),
    Key("alert.set", "A", "alert", "Alert at the cursor's price, and back", "trade"),
    # The ticket.
    Key("ticket.send", "enter", "send", "Review, or send", "ticket", "Send"),
    Key("ticket.next", "tab", "field(1)", "The next field", "ticket", "Field"),
    Key("ticket.previous", "shift+tab", "field(-1)", "The field before", "ticket"),
    Key("ticket.press", "space", "press", "Turn what has the focus", "ticket"),
    Key("ticket.up", "up", "step(1)", "A tick or a size step up", "ticket", "Step"),
    Key("ticket.down", "down", "step(-1)", "A tick or a size step down", "ticket"),
    Key("ticket.up_ten", "shift+up,pageup", "step(10)", "Ten up", "ticket"),
    Key("ticket.down_ten", "shift+down,pagedown", "step(-10)", "Ten down", "ticket"),
    Key("ticket.side", "x", "side", "The other side", "ticket"),
    Key("ticket.tif", "i", "tif", "GTC, IOC, FOK, GTD", "ticket"),
    Key("ticket.post", "o", "post", "Post-only", "ticket", "Post-only"),
    Key("ticket.bid", "h,ctrl+b", "fill('bid')", "The best bid's price", "ticket"),
    Key("ticket.ask", "l,ctrl+a", "fill('ask')", "The best ask's price", "ticket"),
    Key("ticket.mid", "k", "fill('mid')", "The price in the middle", "ticket"),
    Key("ticket.percent", "p,percent_sign", "next_percent", "25, 50, 75, 100 % of what is free", "ticket", "25-100%"),
    Key("ticket.yank", "y", "yank", "Copy the command that would send it", "ticket"),
    Key("ticket.clear", "escape", "clear", "Empty the price; then back", "ticket"),
    # The tables.
    *(
        Key(f"{name}.{way}", keys, f"cursor('{way}')", f"A row {way}", name)
        for name in ("orders", "fills", "balances", "alerts")
        for way, keys in (("up", "k"), ("down", "j"))
    ),
    *(
        Key(f"{name}.export", "e", "export", "Save the table as a CSV file", name, "CSV")
        for name in ("orders", "fills", "balances")
    ),
    Key("orders.amend", "enter", "amend_chosen", "Amend in place", "orders", "Edit"),
    Key("alerts.remove", "c,delete", "remove", "Take the alert back", "alerts", "Take back"),
    # Portfolio and admin.
    Key("portfolio.again", "r", "again", "Ask again now", "portfolio", "Again"),
    Key("portfolio.export", "e", "export", "Save the table as a CSV file", "portfolio", "CSV"),
    Key("portfolio.back", "escape", "app.mode('trade')", "Back to the trade screen", "portfolio", "Trade"),
    Key("admin.halt", "h", "set_status('HALTED')", "Halt the market: cancels alone", "admin", "Halt"),
    Key("admin.open", "o", "set_status('OPEN')", "Open the market", "admin", "Open"),
    Key("admin.cancel_only", "n", "set_status('CANCEL_ONLY')", "Cancels and smaller amends alone", "admin"),
    Key("admin.approve", "v", "decide('approve')", "Let the withdrawal go", "admin", "Let go"),
    Key("admin.release", "w", "decide('release')", "Release the withdrawal's hold", "admin", "Release"),
    Key("admin.search", "s", "search", "Find people", "admin", "Search"),
    Key("admin.balances", "enter", "balances", "Balances of the chosen account", "admin"),
    Key("admin.next_page", "right_square_bracket", "page(1)", "The next people", "admin"),
    Key("admin.previous_page", "left_square_bracket", "page(-1)", "The people before", "admin"),
    Key("admin.freeze", "z", "set_account('FROZEN')", "Freeze or unfreeze the account that is shown", "admin"),
    Key("admin.reduce_only", "f", "set_account('REDUCE_ONLY')", "Reduce-only, or all again", "admin"),
    Key("admin.close", "X", "set_account('CLOSED')", "Close the account that is shown, for good", "admin"),
    Key("admin.back", "escape", "app.mode('trade')", "Back to the trade screen", "admin", "Trade"),
    # The ladder.
    Key("ladder.up", "k,up", "cursor_up", "A price up", "ladder"),
    Key("ladder.down", "j,down", "cursor_down", "A price down", "ladder"),
    Key("ladder.page_up", "ctrl+u,pageup", "cursor_page_up", "A page up", "ladder"),
    Key("ladder.page_down", "ctrl+d,pagedown", "cursor_page_down", "A page down", "ladder"),
    Key("ladder.top", "home", "cursor_home", "The highest price", "ladder"),
    Key("ladder.bottom", "G,end", "cursor_end", "The lowest price", "ladder"),
    Key("ladder.recentre", "z", "recentre", "The middle of the book into the middle", "ladder"),
    Key("ladder.lock", "space", "lock", "Keep prices in their rows, or follow the middle", "ladder"),
    Key("ladder.coarser", "u", "group(1)", "Coarser steps: 1, 2, 5, 10 … ticks", "ladder", "Group"),
    Key("ladder.finer", "U", "group(-1)", "Finer steps", "ladder"),
    Key("ladder.every_price", "D", "every_price", "A row for every price, or for every level", "ladder"),
    # The chart.
    Key("chart.shorter", "left_square_bracket", "interval(-1)", "Shorter candles", "chart", "Interval"),
    Key("chart.longer", "right_square_bracket", "interval(1)", "Longer candles", "chart"),
    Key("chart.zoom_in", "plus,equals_sign", "zoom(1)", "Wider candles", "chart", "Zoom"),
    Key("chart.zoom_out", "minus", "zoom(-1)", "Narrower candles", "chart"),
    Key("chart.left", "h,left", "cursor_left", "To the past, or the crosshair to the left", "chart"),
    Key("chart.right", "l,right", "cursor_right", "To the present, or the crosshair to the right", "chart"),
    Key("chart.up", "k,up", "cursor_up", "The crosshair up", "chart"),
    Key("chart.down", "j,down", "cursor_down", "The crosshair down", "chart"),
    Key("chart.follow", "z,end", "follow", "Follow the newest candle", "chart"),
    Key("chart.indicators", "i", "indicators", "EMA, VWAP, both, none", "chart", "Indicators"),
    Key("chart.crosshair", "x", "crosshair", "Crosshair", "chart", "Crosshair"),
    # Tape and depth.
    Key("tape.up", "k,up", "cursor_up", "A trade up", "tape"),
    Key("tape.down", "j,down", "cursor_down", "A trade down", "tape"),
    Key("tape.page_up", "ctrl+u,pageup", "cursor_page_up", "A page up", "tape"),
    Key("tape.page_down", "ctrl+d,pagedown", "cursor_page_down", "A page down", "tape"),
    Key("tape.top", "home", "cursor_home", "The newest trade", "tape"),
    Key("tape.bottom", "G,end", "cursor_end", "The oldest trade", "tape"),
    Key("tape.filter", "u", "next_filter", "Only trades of at least a preset size", "tape", "Filter"),
    Key("watch.up", "k,up", "cursor_up", "A market up", "watch"),
    Key("watch.down", "j,down", "cursor_down", "A market down", "watch"),
    Key("watch.top", "home", "cursor_home", "The first market", "watch"),
    Key("watch.choose", "enter", "choose", "Show this market", "watch", "Show"),
    Key("log.up", "k,up", "scroll_up", "Up", "log"),
    Key("log.down", "j,down", "scroll_down", "Down", "log"),
    Key("log.page_up", "ctrl+u,pageup", "page_up", "A page up", "log"),
    Key("log.page_down", "ctrl+d,pagedown", "page_down", "A page down", "log"),
    Key("log.top", "home", "cursor_home", "The newest line", "log"),
    Key("log.bottom", "G,end", "scroll_end", "The oldest line", "log"),
    Key("depth.wider", "minus,j,down", "range(1)", "Look farther", "depth", "Farther"),
    Key("depth.nearer", "plus,equals_sign,k,up", "range(-1)", "Look nearer", "depth", "Nearer"),
    # A replay.
    Key(
        "replay.play",
        "space",
        "replay_play",
        "Play and pause; again from the end",
        "replay",
        "Play",
        True,
    ),
    Key("replay.step", "full_stop", "replay_step", "The next moment", "replay", "Step"),
    Key("replay.back", "comma", "replay_back", "The moment before", "replay", "Back"),
    Key("replay.next_trade", "n", "replay_next_trade", "To the next trade", "replay", "Next trade"),
    Key("replay.previous_trade", "N", "replay_previous_trade", "To the trade before", "replay"),
    Key("replay.faster", "greater_than_sign", "replay_faster", "Twice the speed, up to 64x", "replay", "Faster"),
    Key("replay.slower", "less_than_sign", "replay_slower", "Half the speed, down to 0.5x", "replay", "Slower"),
    Key("replay.jump", "J,ctrl+g", "replay_jump", "To a sequence, a time, +10m, 50%", "replay", "Jump to"),
    Key("replay.begin", "backspace", "replay_begin", "To the beginning", "replay"),
    Key("replay.end", "escape,q", "replay_end", "Back to the market, which is as it was", "replay", "Market"),
)
"""In the order in which help shows them."""

BY_ID: Final = {key.id: key for key in TABLE}
assert len(BY_ID) == len(TABLE), "ids are unique"


def bindings(scope: Scope) -> list[Binding]:
    """The BINDINGS of the widget, screen or app of this scope."""
    return [
        Binding(key.keys, key.action, key.description, show=bool(key.hint), priority=key.priority, id=key.id)
        for key in TABLE
        if key.scope == scope
    ]


def of_scope(scope: str, keys: Mapping[str, str]) -> list[Key]:
    """The rows of a scope, with the user's keys where there are some; none for a panel without keys."""
    return [msgspec.structs.replace(key, keys=keys.get(key.id, key.keys)) for key in TABLE if key.scope == scope]
