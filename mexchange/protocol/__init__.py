"""The session: datagrams in, datagrams and events out. No sockets, no clocks, no tasks.

    packet             the outer header and the sizes
    noise              Noise_NX, both roles
    cookie             stateless proof of address
    replay, channel    sealed datagrams: replay window, epochs
    handshake_packet, handshake, server_key, reset
    limits             every limit by name, buckets

`now_ns` is always a monotonic clock, `time_ns` always the wall clock, `random` always a source of unpredictable bytes.
"""
