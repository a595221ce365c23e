"""Sessions without sockets: the sealed channel, handshake, retransmission and streams, as state machines."""
