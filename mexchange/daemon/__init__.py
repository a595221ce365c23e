"""The exchange as a process: ingress, sequencer, journal, engine, publish."""
