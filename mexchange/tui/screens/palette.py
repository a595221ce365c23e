"""The command palette's entries: the list of `commands`."""

from functools import partial
from typing import cast

from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider, SearchIcon

from mexchange.tui.commands import Command, commands
from mexchange.tui.shell import Shell


class Palette(CommandPalette):
    """Without the glyph that is two cells wide."""

    def on_mount(self) -> None:
        """Mark the line as the command line is marked."""
        self.query_one(SearchIcon).icon = ":"


class MxCommands(Provider):
    """Looks into the list as it is when it is asked."""

    async def discover(self) -> Hits:
        """What is offered before anything is typed."""
        for command in self._commands():
            yield DiscoveryHit(command.title, partial(self._run, command), help=self._help(command))

    async def search(self, query: str) -> Hits:
        """What fits."""
        matcher = self.matcher(query)
        for command in self._commands():
            score = matcher.match(command.title)
            if score > 0:
                yield Hit(
                    score, matcher.highlight(command.title), partial(self._run, command), help=self._help(command)
                )

    def _commands(self) -> list[Command]:
        shell = cast("Shell", self.app.shell)  # type: ignore[attr-defined]  # the one app that has this palette
        return commands(shell)

    def _help(self, command: Command) -> str:
        return f"{command.help}  :{command.typed}".strip()

    async def _run(self, command: Command) -> None:
        if command.takes:
            await self.app.run_action(f"app.command_line('{command.typed} ')")
        else:
            await self.app.run_action(command.action, self.screen)
