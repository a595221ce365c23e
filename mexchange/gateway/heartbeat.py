"""The channel that says how the gateway stands to the exchange, twice a second."""

from mexchange.gateway.channel_names import Name
from mexchange.gateway.channels import Build, Channel
from mexchange.gateway.decimals import Form, seconds
from mexchange.gateway.errors import Unavailable
from mexchange.gateway.link import Link


class HeartbeatChannel(Channel):
    """Speaks of itself, whether anything happens or not."""

    is_state = True

    def __init__(self, name: Name, link: Link) -> None:
        super().__init__(name)
        self._link = link

    def open(self) -> None:
        """The first one now."""
        self.touch()

    def build_snapshot(self, form: Form) -> dict[str, object] | None:
        """Now."""
        return beat(form, self._link)

    def news(self) -> Build | None:
        """Always; and the next one is due."""
        self.touch()
        return self.build_snapshot


def beat(form: Form, link: Link) -> dict[str, object]:
    """Time, head, state and round trip of the link."""
    try:
        now_ns = link.now_ns()
    except Unavailable:
        now_ns = 0
    return {
        "time": seconds(form, now_ns),
        "time_ns": str(now_ns),
        "sequence": link.sequence,
        "status": link.state.name,
        "round_trip_ns": link.round_trip_ns,
    }
