"""What a loader raises for an absent row, and for another store's row alike."""


class NotFound(Exception):
    """There is no such thing in this store."""
