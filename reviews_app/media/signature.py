"""What a file is, by its first bytes: never by its name or what the browser says."""

from reviews_app.models.media import MediaKind

SIGNATURES = ((b"\xff\xd8\xff", "jpeg"), (b"\x89PNG\r\n\x1a\n", "png"), (b"GIF87a", "gif"), (b"GIF89a", "gif"))
HEIF_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"hevx", b"mif1", b"msf1", b"heim", b"heis", b"avif", b"avis"})
MOVIE_BRANDS = frozenset(
    {
        b"qt  ",
        b"isom",
        b"iso2",
        b"iso3",
        b"iso4",
        b"iso5",
        b"iso6",
        b"iso8",
        b"mp41",
        b"mp42",
        b"avc1",
        b"M4V ",
        b"M4VP",
    }
    | {b"M4VH", b"MSNV", b"3gp4", b"3gp5", b"3gp6", b"3gp7", b"3g2a", b"dash", b"f4v ", b"mmp4"}
)
# A QuickTime file of old may begin without `ftyp`.
OLD_MOVIE_ATOMS = frozenset({b"moov", b"mdat", b"wide"})
MATROSKA = b"\x1a\x45\xdf\xa3"
BYTES_NEEDED = 16


def picture_kind(head: bytes) -> str | None:
    """`jpeg`, `png`, `gif`, `webp` or `heif` by the first 16 bytes; None for anything else."""
    for signature, kind in SIGNATURES:
        if head.startswith(signature):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[4:8] == b"ftyp" and head[8:12] in HEIF_BRANDS:
        return "heif"
    return None


def video_kind(head: bytes) -> str | None:
    """`mov` (MP4, QuickTime, 3GP) or `matroska` (WebM) by the first 16 bytes; None for anything else."""
    if head.startswith(MATROSKA):
        return "matroska"
    if (head[4:8] == b"ftyp" and head[8:12] in MOVIE_BRANDS) or head[4:8] in OLD_MOVIE_ATOMS:
        return "mov"
    return None


def media_kind(head: bytes) -> MediaKind | None:
    """Picture or video by the first 16 bytes; None when it is neither."""
    if picture_kind(head) is not None:
        return MediaKind.IMAGE
    return MediaKind.VIDEO if video_kind(head) is not None else None
