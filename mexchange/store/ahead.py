"""Items that another thread makes while the one before is used."""

import threading
from collections.abc import Iterable, Iterator
from queue import SimpleQueue
from typing import NamedTuple, TypeVar

Item = TypeVar("Item")


class _Last(NamedTuple):
    """Nothing follows, because of that if it is an error."""

    error: BaseException | None


def made_ahead(items: Iterable[Item], count_max: int) -> Iterator[Item]:
    """The same items, at most `count_max` of them made before they are asked for, on a thread of their own.

    What the iteration raises is raised here. Its thread has ended when this ends or is closed.
    """
    made: SimpleQueue[Item | _Last] = SimpleQueue()
    room: SimpleQueue[bool] = SimpleQueue()
    for _ in range(count_max):
        room.put(True)

    def run() -> None:
        try:
            for item in items:
                made.put(item)
                if not room.get():
                    break
            made.put(_Last(None))
        except BaseException as error:  # whatever it is, it belongs to whoever asks for the next item
            made.put(_Last(error))

    thread = threading.Thread(target=run, name="made-ahead", daemon=True)
    thread.start()
    try:
        while not isinstance(item := made.get(), _Last):
            yield item
            room.put(True)
        if item.error is not None:
            raise item.error
    finally:
        room.put(False)
        thread.join()
