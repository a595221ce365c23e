"""The gateway: REST, WebSocket and the web page. It reaches the exchange over the wire, like everybody else."""
