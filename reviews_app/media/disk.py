"""Whose fault it is that a file could not be read or written: the place's, or the file's own."""

import errno

# Full, over its quota, broken, read-only, gone for a moment; or this process holds as many files as it may.
OF_THE_PLACE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.ESTALE, errno.EMFILE, errno.ENFILE})


def is_of_the_place(trouble: BaseException) -> bool:
    """Whether the system says of a place that it cannot; decoders raise OSError for a broken file too, without that."""
    return isinstance(trouble, OSError) and trouble.errno in OF_THE_PLACE
