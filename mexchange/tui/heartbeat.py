"""Looks at the clocks: how much of a scene may be trusted now, and what of that is worth a word."""

import time
from typing import Final

from mexchange.tui.desk import Desk
from mexchange.tui.link import Link
from mexchange.tui.notices import Kind, Notice, Notices
from mexchange.tui.scene import Scene
from mexchange.tui.vitals import ScreenState, Vitals, screen_state

_CUT_OFF: Final = (ScreenState.STALE, ScreenState.RECONNECT, ScreenState.OFFLINE)


class Heartbeat:
    """`beat` several times a second, and whenever another scene has come to the front."""

    def __init__(self, link: Link, notices: Notices) -> None:
        self.vitals = Vitals()
        self._link = link
        self._notices = notices
        self._desk: Desk | None = None
        """Whose vitals they are."""
        self._rate = 0
        self._counted = (0.0, 0)

    def beat(self, scene: Scene | None, fps: float) -> None:
        """Read, and tell what has changed."""
        desk = scene.desk if scene is not None else None
        before, self.vitals = self.vitals, self._read(scene, desk, fps)
        is_live = scene is None or scene.replay is None
        if is_live and before.state is not ScreenState.REPLAY:
            self._tell_change(before, self.vitals, is_same=desk is self._desk)
        self._desk = desk

    def _read(self, scene: Scene | None, desk: Desk | None, fps: float) -> Vitals:
        if scene is None or desk is None:
            return Vitals(state=ScreenState.OFFLINE, attempt=self._link.attempt)
        source = scene.source
        alive, session = source.liveness(), source.session
        head = desk.orders.account_sequence if desk.orders is not None else session.account_sequence
        missing = max(0, session.account_sequence - head) if desk.orders is not None and desk.orders.gap else 0
        is_replay = scene.replay is not None
        return Vitals(
            state=ScreenState.REPLAY if is_replay else screen_state(alive, desk.market.market, missing=missing),
            age_ns=alive.age_ns,
            sequence=session.sequence,
            round_trip_ns=session.round_trip_ns,
            p99_ns=alive.p99_ns,
            gaps=desk.book.gaps if desk.book is not None else 0,
            mended=desk.book.gaps - desk.book.gap if desk.book is not None else 0,
            missing=missing,
            attempt=max(alive.attempt, self._link.attempt),
            unknown=alive.unknown,
            events_per_s=self._events_per_s(desk),
            fps=fps,
            address="" if is_replay else "{}:{}".format(*session.address),
        )

    def _tell_change(self, before: Vitals, now: Vitals, *, is_same: bool) -> None:
        """A change of state for the worse, the way back, and what was missed meanwhile, are said once."""
        if before.missing > now.missing == 0:
            self._notices.tell(Notice(Kind.INFO, f"caught up: {before.missing:,} events replayed"))
        if is_same and before.mended < now.mended:
            so_far = "" if now.mended == 1 else f", {now.mended} times so far"
            self._notices.note(Notice(Kind.INFO, f"the book was mended{so_far}"))
        was_cut, is_cut = (each.state in _CUT_OFF for each in (before, now))
        if before.sequence and is_cut and not was_cut:
            text = f"{now.state.name}: no word for {now.age_ns / 1e9:.1f} s"
            self._notices.tell(Notice(Kind.DISCONNECT, text, "new orders are locked, cancels go out", "warning"))
        if before.sequence and was_cut and not is_cut:
            self._notices.tell(Notice(Kind.INFO, f"{now.state.name} again at seq {now.sequence:,}"))

    def _events_per_s(self, desk: Desk) -> int:
        now, (before, counted) = time.monotonic(), self._counted
        if now - before >= 1 or desk.events < counted:
            self._counted = (now, desk.events)
            self._rate = round(max(0, desk.events - counted) / (now - before)) if before else 0
        return self._rate
