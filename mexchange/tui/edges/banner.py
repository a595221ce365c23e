"""What the whole screen should know: offline, halted, read-only. With the remedy, and the key for it."""

from textual.content import Content

from mexchange.tui.edges.one_line import OneLine


class Banner(OneLine):
    """Called `banner` in the arrangement; one line, or none."""

    def __init__(self) -> None:
        super().__init__("banner")
        self.display = False

    def tell(self, text: str, remedy: str = "", *, severe: bool = True) -> None:
        """Show it."""
        self.set_class(severe, "-severe")
        self.say(Content.assemble(" ", (text, "bold"), "  ", remedy).truncate(max(1, self.app.size.width)))
