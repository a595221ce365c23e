"""Programs of people that let themselves be started and stopped over REST: each account has at most one here."""

from typing import Protocol

import msgspec

STRATEGIES_MAX = 64


class Strategy(msgspec.Struct, frozen=True):
    """One strategy of a bot."""

    strategy: str
    running: bool
    uptime_secs: int | None = None


class BotStatus(msgspec.Struct, frozen=True):
    """What a bot last said."""

    connected: bool
    strategies: list[Strategy]


class BotSocket(Protocol):
    """Where a bot hears its commands."""

    def put(self, message: dict[str, object]) -> None:
        """Send that."""
        ...


class _Bot:
    def __init__(self, socket: BotSocket) -> None:
        self.socket = socket
        self.strategies: list[Strategy] = []


class Bots:
    """By account: nobody reaches the bot of somebody else."""

    def __init__(self) -> None:
        self._bots: dict[int, _Bot] = {}

    def register(self, account: int, socket: BotSocket) -> None:
        """This socket is the account's bot, instead of an earlier one."""
        self._bots[account] = _Bot(socket)

    def told(self, account: int, socket: BotSocket, strategies: list[Strategy]) -> None:
        """The bot says how it does; what other sockets say of it does not count."""
        bot = self._bots.get(account)
        if bot is not None and bot.socket is socket:
            bot.strategies = strategies[:STRATEGIES_MAX]

    def leave(self, socket: object) -> None:
        """The socket is gone."""
        for account in [account for account, bot in self._bots.items() if bot.socket is socket]:
            del self._bots[account]

    def command(self, account: int, action: str, strategy: str | None = None) -> BotStatus:
        """Tell the bot; what it said last."""
        bot = self._bots.get(account)
        if bot is None:
            return BotStatus(connected=False, strategies=[])
        command: dict[str, object] = {"action": action}
        if strategy is not None:
            command["strategy"] = strategy
        bot.socket.put({"command": command})
        return BotStatus(connected=True, strategies=bot.strategies)
