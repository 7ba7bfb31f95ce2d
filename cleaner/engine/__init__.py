"""The engine: passes over snapshots until nothing changes, and the findings."""
