"""The session: datagrams in, datagrams and events out. No sockets, no clocks, no tasks.

    client_session     ClientSession: one line to one server          client_events, login, requests, dialer
    session_table      SessionTable: all sessions of a server         server_session, server_events
    limits             every limit by name, buckets
    ---- sealed datagrams
    handshake          both sides of it                               handshake_packet, noise, cookie, server_key, reset
    channel            seal, open, epochs                             replay, packet

A client's driver: `receive` what has come, `tick` when `next_timer_ns` says so, look at `events`, send `datagrams`.
A server's driver: `receive`, `tick` every 50 ms, act on the events they return, `send`, then `datagrams` once a turn.

`now_ns` is always a monotonic clock, `time_ns` always the wall clock, `random` always a source of unpredictable bytes.
"""
