"""Files that survive: the journal, snapshots, and the real disk behind `world.disk`."""
