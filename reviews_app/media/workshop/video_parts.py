"""The streams of a stranger's video that are used, and what is refused before anything is decoded."""

from dataclasses import dataclass
from fractions import Fraction

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.video.stream import VideoStream

from reviews_app.media.refused import Refused
from reviews_app.media.workshop.task import Task
from reviews_app.models.media_words import MediaTrouble

# What phones and browsers record. Everything else FFmpeg could read is surface for an attacker.
VIDEO_CODECS = frozenset({"h264", "hevc", "vp8", "vp9", "av1", "libdav1d", "libaom-av1", "mpeg4", "h263"})
AUDIO_CODECS = frozenset({"aac", "opus", "libopus", "vorbis", "libvorbis", "mp3", "mp3float", "alac", "amrnb"})
AUDIO_CODECS_RAW = "pcm_"
CONTAINERS = frozenset({"mov", "matroska"})
# 4K as phones record it, upright or not.
MOST_PIXELS = 4096 * 2304
LONGEST_SIDE = 4096
# A phone stops a little after the second it was told to.
GRACE_SECONDS = 1.5


@dataclass(frozen=True, slots=True)
class Parts:
    """One picture stream, perhaps one of sound, and how long they may be together."""

    container: InputContainer
    video: VideoStream
    audio: AudioStream | None
    most_seconds: float
    # Where its clock begins: a recording cut out of a longer one goes on counting.
    start: Fraction

    @property
    def streams(self) -> list[VideoStream | AudioStream]:
        """What is read; subtitles, places and other data are not."""
        return [self.video, self.audio] if self.audio else [self.video]

    def moved(self, moment: int, time_base: Fraction) -> int:
        """A moment in units of `time_base`, as if the clock had begun with the recording."""
        return moment - round(self.start / time_base)

    def refuse_beyond(self, seconds: float) -> None:
        """Called with every moment read: what a container says of its length is not believed."""
        if seconds > self.most_seconds:
            raise Refused(MediaTrouble.TOO_LONG)


def opened(task: Task) -> InputContainer:
    """Read as the one container its first bytes say, from this file alone: a list of other files is not followed."""
    if task.container not in CONTAINERS:
        raise Refused(MediaTrouble.BROKEN)
    return av.open(task.source, format=task.container, options={"protocol_whitelist": "file"})


def parts_of(container: InputContainer, task: Task) -> Parts:
    """The first stream of pictures and the first of sound we know. Raises Refused."""
    if not container.streams.video:
        raise Refused(MediaTrouble.BROKEN)
    video = container.streams.video[0]
    video.thread_type = "AUTO"
    video.codec_context.thread_count = 2
    parts = Parts(container, video, _audio_of(container), task.most_seconds + GRACE_SECONDS, _start_of(container))
    _refuse_what_cannot_be_shown(video)
    if container.duration is not None:
        parts.refuse_beyond(container.duration / av.time_base - float(parts.start))
    return parts


def _start_of(container: InputContainer) -> Fraction:
    return Fraction(max(container.start_time or 0, 0), av.time_base)


def _refuse_what_cannot_be_shown(video: VideoStream) -> None:
    if video.codec_context is None or video.codec_context.name not in VIDEO_CODECS:
        raise Refused(MediaTrouble.UNKNOWN_CODEC)
    width, height = video.codec_context.width, video.codec_context.height
    if width < 2 or height < 2:
        raise Refused(MediaTrouble.BROKEN)
    if width * height > MOST_PIXELS or max(width, height) > LONGEST_SIDE:
        raise Refused(MediaTrouble.TOO_LARGE_TO_DECODE)


def _audio_of(container: InputContainer) -> AudioStream | None:
    """Sound in a codec we do not know is left out: a silent video is better than none."""
    for stream in container.streams.audio:
        context = stream.codec_context
        if context is not None and (context.name in AUDIO_CODECS or context.name.startswith(AUDIO_CODECS_RAW)):
            return stream
    return None
