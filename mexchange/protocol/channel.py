"""`SecureChannel`: blocks in, sealed datagrams out, and back. ChaCha20-Poly1305, one key per direction and epoch.

Each direction changes its key by itself after 2^20 datagrams or 15 minutes: k' = HKDF(k, "rekey"), and the epoch byte
in the header goes up by one (modulo 256). The receiver follows with the first datagram that verifies under the next
key, and keeps the old one for ten seconds for those that were overtaken. Counters run on over all epochs, so one
replay window serves all, and end at 2^48.

The rest of the package knows only `seal` and `open`: another AEAD or DTLS could take this place.
"""

from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from mexchange.protocol.errors import BadPacket, Exhausted, Forged, Replayed, UnknownEpoch
from mexchange.protocol.noise import Split, hkdf, nonce
from mexchange.protocol.packet import (
    BLOCKS_SIZE_MAX,
    DATA_SIZE_MIN,
    DATAGRAM_SIZE_MAX,
    HEADER,
    HEADER_SIZE,
    PROTOCOL_MINOR,
    Kind,
)
from mexchange.protocol.replay import WINDOW, ReplayWindow

REKEY_PACKETS: Final = 2**20
REKEY_AGE_NS: Final = 15 * 60 * 10**9
OLD_KEY_LIFETIME_NS: Final = 10 * 10**9
COUNTER_MAX: Final = 2**48
EPOCHS: Final = 256

assert WINDOW < REKEY_PACKETS, "a datagram within the window is at most one epoch old"

_DATA: Final = int(Kind.DATA)


class SecureChannel:
    """One established session's cryptography. Times are monotonic nanoseconds."""

    __slots__ = (
        "_aead_in",
        "_aead_next",
        "_aead_old",
        "_aead_out",
        "_epoch_in",
        "_epoch_out",
        "_key_in",
        "_key_out",
        "_old_until_ns",
        "_rekey_at_counter",
        "_rekey_at_ns",
        "counter",
        "peer_index",
        "window",
    )

    def __init__(self, split: Split, *, peer_index: int, now_ns: int) -> None:
        self.peer_index: Final = peer_index
        self.window: Final = ReplayWindow()
        self.counter = 0
        """Of the next datagram that is sealed."""
        self._key_out = split.send_key
        self._aead_out = ChaCha20Poly1305(split.send_key)
        self._epoch_out = 0
        self._rekey_at_counter = REKEY_PACKETS
        self._rekey_at_ns = now_ns + REKEY_AGE_NS
        self._key_in = split.receive_key
        self._aead_in = ChaCha20Poly1305(split.receive_key)
        self._aead_next: ChaCha20Poly1305 | None = None
        self._aead_old: ChaCha20Poly1305 | None = None
        self._old_until_ns = 0
        self._epoch_in = 0

    def seal(self, blocks: bytes, now_ns: int) -> bytes:
        """A Data datagram around at most BLOCKS_SIZE_MAX bytes. Raises Exhausted."""
        assert len(blocks) <= BLOCKS_SIZE_MAX
        counter = self.counter
        if counter >= self._rekey_at_counter or now_ns >= self._rekey_at_ns:
            self._rekey_out(now_ns)
        self.counter = counter + 1
        header = HEADER.pack(_DATA, self._epoch_out, PROTOCOL_MINOR, self.peer_index, counter)
        return header + self._aead_out.encrypt(nonce(counter), blocks, header)

    def open(self, datagram: bytes, now_ns: int) -> bytes:
        """The blocks of a Data datagram. Raises BadPacket, Replayed, UnknownEpoch or Forged, and then is unchanged."""
        if not DATA_SIZE_MIN <= len(datagram) <= DATAGRAM_SIZE_MAX:
            raise BadPacket(f"{len(datagram)} bytes")
        kind, epoch, _, _, counter = HEADER.unpack_from(datagram)
        if kind != _DATA:
            raise BadPacket(f"kind {kind}")
        if counter >= COUNTER_MAX or not self.window.fresh(counter):
            raise Replayed(f"counter {counter}")
        aead = self._aead_in if epoch == self._epoch_in else self._aead_of(epoch, now_ns)
        try:
            blocks = aead.decrypt(b"\0\0\0\0" + datagram[8:HEADER_SIZE], datagram[HEADER_SIZE:], datagram[:HEADER_SIZE])
        except InvalidTag:
            raise Forged(f"counter {counter}") from None
        if aead is self._aead_next:
            self._follow(now_ns)
        self.window.commit(counter)
        return blocks

    def _rekey_out(self, now_ns: int) -> None:
        if self.counter >= COUNTER_MAX:
            raise Exhausted("2^48 datagrams")
        self._key_out = rekeyed(self._key_out)
        self._aead_out = ChaCha20Poly1305(self._key_out)
        self._epoch_out = (self._epoch_out + 1) % EPOCHS
        self._rekey_at_counter = min(self.counter + REKEY_PACKETS, COUNTER_MAX)
        self._rekey_at_ns = now_ns + REKEY_AGE_NS

    def _aead_of(self, epoch: int, now_ns: int) -> ChaCha20Poly1305:
        if epoch == (self._epoch_in + 1) % EPOCHS:
            if self._aead_next is None:  # kept, so that forgeries do not cost a derivation each
                self._aead_next = ChaCha20Poly1305(rekeyed(self._key_in))
            return self._aead_next
        if epoch == (self._epoch_in - 1) % EPOCHS and self._aead_old is not None and now_ns < self._old_until_ns:
            return self._aead_old
        raise UnknownEpoch(f"epoch {epoch}")

    def _follow(self, now_ns: int) -> None:
        assert self._aead_next is not None
        self._aead_old = self._aead_in
        self._old_until_ns = now_ns + OLD_KEY_LIFETIME_NS
        self._key_in = rekeyed(self._key_in)
        self._aead_in = self._aead_next
        self._aead_next = None
        self._epoch_in = (self._epoch_in + 1) % EPOCHS


def rekeyed(key: bytes) -> bytes:
    """The key of the next epoch; the present one cannot be computed from it."""
    return hkdf(key, b"rekey")[0]
