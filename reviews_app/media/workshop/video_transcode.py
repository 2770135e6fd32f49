"""Decodes a video and encodes it anew: upright, at most 1080p and 30 pictures a second, H.264 and AAC."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.error import BlockingIOError as NothingYet
from av.error import EOFError as Ended
from av.error import FFmpegError
from av.filter import Graph
from av.packet import Packet
from av.video.format import VideoFormat
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from reviews_app.media.refused import Refused
from reviews_app.media.workshop.video_parts import Parts
from reviews_app.media.workshop.video_poster import Opening
from reviews_app.media.workshop.video_remux import CONTAINER
from reviews_app.models.media_words import MediaTrouble

LONG_SIDE, SHORT_SIDE = 1920, 1080
MOST_RATE = 30
ENCODER = {"preset": "veryfast", "crf": "23", "maxrate": "6M", "bufsize": "12M", "profile": "high"}
SOUND_RATE, SOUND_BITS = 48_000, 128_000
FILTERS_OF_TURN = {90: [("transpose", "cclock")], 180: [("hflip", ""), ("vflip", "")], 270: [("transpose", "clock")]}
# So many packets in a row that cannot be decoded are no hiccup.
MOST_BROKEN = 100


def transcode(parts: Parts, opening: Opening, target: Path) -> float:
    """Write the MP4; gives its seconds. Raises Refused when too little of it can be read."""
    with av.open(str(target), "w", format="mp4", options=CONTAINER) as made:
        rewriting = _Rewriting(parts, opening, made)
        for packet in parts.container.demux(parts.streams):
            rewriting.take(packet)
        return rewriting.end()


class _Rewriting:
    """One video on its way through the filters and encoders."""

    def __init__(self, parts: Parts, opening: Opening, made: OutputContainer) -> None:
        self._parts = parts
        self._opening = opening
        self._made = made
        self._rate = _rate_of(parts.video)
        self._video = _video_encoder(made, opening, self._rate)
        self._audio = _audio_encoder(made) if parts.audio else None
        self._graph = _filters(parts.video, opening, self._rate)
        self._pictures = 0
        self._broken = 0

    def take(self, packet: "Packet[Any]") -> None:
        """Decode one packet and encode what is in it."""
        for frame in self._decoded(packet):
            if frame.pts is not None:
                frame.pts = self._parts.moved(frame.pts, frame.time_base)
            if isinstance(frame, VideoFrame):
                self._take_picture(frame)
            elif isinstance(frame, AudioFrame) and self._audio is not None:
                self._parts.refuse_beyond(frame.time or 0.0)
                self._made.mux(self._audio.encode(frame))

    def end(self) -> float:
        """What the filters and encoders still hold; gives the seconds."""
        self._graph.push(None)
        self._encode_filtered()
        self._made.mux(self._video.encode(None))
        if self._audio is not None:
            with suppress(ValueError, FFmpegError):
                self._made.mux(self._audio.encode(None))
        return self._pictures / self._rate

    def _decoded(self, packet: "Packet[Any]") -> list[Any]:
        try:
            return list(packet.decode())
        except FFmpegError:
            self._broken += 1
            if self._broken > MOST_BROKEN:
                raise Refused(MediaTrouble.BROKEN) from None
            return []

    def _take_picture(self, frame: VideoFrame) -> None:
        # The filter that evens the rate fills every gap with copies: a moment that cannot be true is passed over.
        if frame.pts is None or frame.time is None or frame.time < 0:
            return
        self._parts.refuse_beyond(frame.time)
        like = self._opening
        if (frame.width, frame.height, frame.format.name) != (like.width, like.height, like.pixels):
            frame = frame.reformat(width=like.width, height=like.height, format=like.pixels)
        self._graph.push(frame)
        self._encode_filtered()

    def _encode_filtered(self) -> None:
        while True:
            try:
                frame = self._graph.pull()
            except (NothingYet, Ended):
                return
            if isinstance(frame, VideoFrame):
                self._pictures += 1
                self._parts.refuse_beyond(self._pictures / self._rate - 1)
                frame.pict_type = 0
                self._made.mux(self._video.encode(frame))


def _rate_of(video: VideoStream) -> int:
    """Pictures a second: as recorded, at most 30."""
    rate = video.average_rate or video.guessed_rate or MOST_RATE
    return max(1, min(MOST_RATE, round(rate)))


def _video_encoder(made: OutputContainer, opening: Opening, rate: int) -> VideoStream:
    stream = made.add_stream("libx264", rate=rate, options=ENCODER)
    stream.width, stream.height = _shown_size(opening)
    stream.pix_fmt = "yuv420p"
    stream.codec_context.thread_count = 2
    return stream


def _audio_encoder(made: OutputContainer) -> AudioStream:
    stream = made.add_stream("aac", rate=SOUND_RATE, layout="stereo")
    stream.codec_context.bit_rate = SOUND_BITS
    return stream


def _filters(video: VideoStream, opening: Opening, rate: int) -> Graph:
    """Turn, shrink, even the rate, eight bits."""
    graph = Graph()
    frames = graph.add_buffer(
        width=opening.width, height=opening.height, format=VideoFormat(opening.pixels), time_base=video.time_base
    )
    width, height = _shown_size(opening)
    steps = [*FILTERS_OF_TURN.get(opening.turn, []), ("scale", f"{width}:{height}"), ("fps", str(rate))]
    chain = [graph.add(name, given) for name, given in [*steps, ("format", "yuv420p"), ("buffersink", "")]]
    graph.link_nodes(frames, *chain).configure()
    return graph


def _shown_size(opening: Opening) -> tuple[int, int]:
    """Upright, within 1920 by 1080, lying or standing, in even numbers."""
    width, height = opening.width, opening.height
    if opening.turn in {90, 270}:
        width, height = height, width
    shrink = min(1.0, LONG_SIDE / max(width, height), SHORT_SIDE / min(width, height))
    return max(2, round(width * shrink / 2) * 2), max(2, round(height * shrink / 2) * 2)
