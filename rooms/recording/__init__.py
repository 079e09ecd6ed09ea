"""Recordings of a room: WebM clips, by a process of their own, and the manifest that finds instants."""
