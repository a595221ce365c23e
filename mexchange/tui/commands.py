"""What the palette offers and the command line understands, in one list.

A command is a sentence for the palette, the words to type for it behind `:`, and an action. One that takes a value is
typed with it (`fps 10`), and the palette begins its line.
"""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Final

import msgspec

from mexchange.domain.candles import INTERVALS_BY_TEXT
from mexchange.tui import themes
from mexchange.tui.arrangement import NUMBERS, PANELS
from mexchange.tui.key_names import shown
from mexchange.tui.keymap import Key, of_scope
from mexchange.tui.notices import Kind
from mexchange.tui.plain import harmless
from mexchange.tui.shell import Shell

LAYOUTS: Final = {
    "standard": "as many panels as there is room for",
    "compact": "ladder, one pane, ticket",
    "dom": "ladder, ticket, orders",
}
GROUPS: Final = (1, 2, 5, 10, 25, 50, 100, 1_000)
_VALUE: Final = "{value}"


class Command(msgspec.Struct, frozen=True):
    """One thing to do. `action` is Textual's, run on the present screen unless it names the app."""

    title: str
    typed: str
    action: str
    help: str = ""
    takes: str = ""
    """What stands behind the typed words, for people; empty: nothing."""


class NotUnderstood(ValueError):
    """The sentence says why, and what is near."""


def commands(shell: Shell) -> list[Command]:
    """Everything that can be done at this moment."""
    return [*_markets(shell), *_keys(shell), *_orders(), *_views(), *_settings(shell), *_session(shell)]


def understand(line: str, known: Iterable[Command]) -> str:
    """The action that a typed line means. Raises NotUnderstood."""
    words = " ".join(line.split())
    table = {command.typed: command for command in known}
    if words in table and not table[words].takes:
        return table[words].action
    verb, _, value = words.rpartition(" ")
    if verb in table and table[verb].takes:
        return table[verb].action.replace(_VALUE, value.replace("\\", "").replace("'", ""))
    if words in table:
        raise NotUnderstood(f"{words} needs {table[words].takes}")
    longer = sorted(typed for typed in table if typed.startswith(words)) if words else []
    if len(longer) == 1 and not table[longer[0]].takes:
        return table[longer[0]].action
    near = longer[:3] or get_close_matches(words, table, 3)
    raise NotUnderstood(f"there is no command {words!r}" + (f"; did you mean {', '.join(near)}?" if near else ""))


def _markets(shell: Shell) -> Iterator[Command]:
    desk = shell.desk
    if desk is None:
        return
    watched = set(shell.settings.watch)
    for market in desk.markets:
        name = harmless(market.symbol, 24)
        yield Command(f"Market: go to {name}", f"market {name}", f"app.show_market({market.market})", "Show it here")
        verb = "remove" if market.symbol in watched or not watched else "add"
        yield Command(
            f"Watch: {verb} {name}", f"watch {name}", f"app.toggle_watch({market.market})", "In the watch list"
        )


def _keys(shell: Shell) -> Iterator[Command]:
    """Whatever has a key has a line here too."""
    for scope in ("trade", "app"):
        for key in of_scope(scope, shell.user_keys):
            target = "app." if scope == "app" else ""
            yield Command(_title(key), key.id, target + key.action, f"key {shown(key.all_keys[0])}")


def _title(key: Key) -> str:
    group = key.id.partition(".")[0].capitalize()
    return f"{group}: {key.description}"


def _orders() -> Iterator[Command]:
    for scope, title, what in (
        ("buy", "cancel the buys of this market", "cancel buys"),
        ("sell", "cancel the sells of this market", "cancel sells"),
        ("session", "cancel what this session sent to this market", "cancel session"),
        ("all", "cancel all, in every market", "cancel all"),
    ):
        yield Command(f"Order: {title}", what, f"cancel_scope('{scope}')", "Every market is asked about")
    yield Command("Order: size", "size", f"use_size('{_VALUE}')", "In the base asset", "a size")
    for name in ("orders", "fills", "balances"):
        yield Command(f"Data: export {name} as CSV", f"export {name}", f"export_table('{name}')")


def _views() -> Iterator[Command]:
    for name, what in LAYOUTS.items():
        yield Command(f"View: layout {name}", f"layout {name}", f"use_layout('{name}')", what.capitalize())
    for name, title in PANELS.items():
        if name not in NUMBERS:
            yield Command(f"View: show {title}", f"panel {name}", f"show_panel('{name}')")
    for ticks in GROUPS:
        yield Command(f"View: ladder group of {ticks:,} ticks", f"group {ticks}", f"group({ticks})")
    for text in INTERVALS_BY_TEXT:
        yield Command(f"View: candles of {text}", f"interval {text}", f"use_interval('{text}')")


def _settings(shell: Shell) -> Iterator[Command]:
    for theme in themes.themes():
        yield Command(f"Settings: theme {theme.name}", f"theme {theme.name}", f"app.use_theme('{theme.name}')")
    for level, what in (
        ("always", "before every order"),
        ("over", "before large and far orders"),
        ("never", "flatten, reverse and all markets still ask"),
    ):
        yield Command(f"Settings: confirm {level}", f"confirm {level}", f"app.use_confirm('{level}')", f"Ask {what}")
    for name, words in (
        ("reduced_motion", "reduced motion"),
        ("ascii", "ascii"),
        ("mouse", "mouse"),
    ):
        state = "off" if getattr(shell.settings, name) else "on"
        yield Command(f"Settings: {words} {state}", f"{words} {state}", f"app.switch('{name}')")
    for kind in Kind:
        for sound in ("off", "bell", "osc9", "osc777"):
            yield Command(
                f"Settings: sound of {kind.value} {sound}",
                f"sound {kind.value} {sound}",
                f"app.use_sound('{kind.value}', '{sound}')",
                "osc9 and osc777 are notices of the terminal",
            )
    yield Command("Settings: frames a second", "fps", f"app.use_fps('{_VALUE}')", "1 to 30, 0 for the default", "1-30")
    yield Command("Settings: edit the key map", "keymap", "app.edit_keymap", "In $EDITOR, if there is one")


def _session(shell: Shell) -> Iterator[Command]:
    if not shell.is_signed_in:
        yield Command("Account: sign in", "sign in", "app.sign_in", "By a code that is mailed to you")
    else:
        yield Command("Account: who am I", "who", "app.who", "Account, key, rights")
    if shell.recording is not None:
        yield Command("Session: stop the recording", "stop recording", "app.stop_recording", "R plays it")
    elif shell.client is not None:
        yield Command("Session: record this market", "record", "app.record", "Into a file that R plays")
    if shell.local.pid:
        yield Command("Session: stop the local market", "stop market", "app.stop_market", "The demo of this machine")
    yield Command("Help: first steps", "wizard", "app.wizard", "The greeting of the first start")
    yield Command("Help: diagnostics", "diagnostics", "app.diagnostics", "Copies figures, without anything secret")
    yield Command("Help: about", "about", "app.about", "Version and licence")
