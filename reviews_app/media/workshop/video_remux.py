"""Moves the packets of a video that is fine already into a container of our own."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import av
from av.bitstream import BitStreamFilterContext
from av.container import OutputContainer
from av.packet import Packet
from av.stream import Stream

from reviews_app.media.workshop.video_parts import Parts

LONG_SIDE, SHORT_SIDE = 1920, 1088
PLAIN = frozenset({"yuv420p", "yuvj420p"})
# The index first, so that it plays while it loads; no word about who wrote it.
CONTAINER = {"movflags": "+faststart", "fflags": "+bitexact"}
# Unit 6 of H.264 carries whatever an encoder or camera wishes to say.
WITHOUT_WORDS = "filter_units=remove_types=6"


def may_be_remuxed(parts: Parts) -> bool:
    """Whether every browser plays it as it is: H.264 of 8 bits up to 1080p, with AAC or silent.

    Matroska does not write down when a packet is decoded: what is moved from there may lack its first pictures.
    """
    if "mov" not in parts.container.format.name.split(","):
        return False
    video, audio = parts.video.codec_context, parts.audio
    size = sorted((video.width, video.height))
    fits = size[1] <= LONG_SIDE and size[0] <= SHORT_SIDE
    sounds = audio is None or audio.codec_context.name == "aac"
    return video.name == "h264" and video.pix_fmt in PLAIN and fits and sounds


def remux(parts: Parts, target: Path) -> float:
    """Write the MP4; gives its seconds. Raises FFmpegError for packets that cannot be moved."""
    last = 0.0
    with av.open(str(target), "w", format="mp4", options=CONTAINER) as made:
        streams = {stream.index: made.add_stream_from_template(stream) for stream in parts.streams}
        for stream in streams.values():
            stream.metadata.clear()
        words_out = BitStreamFilterContext(WITHOUT_WORDS, parts.video, streams[parts.video.index])
        for packet in parts.container.demux(parts.streams):
            if packet.dts is None or packet.pts is None:
                continue
            packet.pts, packet.dts = (parts.moved(at, packet.time_base) for at in (packet.pts, packet.dts))
            end = float((packet.pts + (packet.duration or 0)) * packet.time_base)
            parts.refuse_beyond(end)
            last = max(last, end)
            stream = streams[packet.stream.index]
            moved = words_out.filter(packet) if packet.stream.index == parts.video.index else [packet]
            _mux(made, moved, stream)
        _mux(made, words_out.filter(None), streams[parts.video.index])
    return last


def _mux(made: OutputContainer, packets: "Iterable[Packet[Any]]", stream: Stream) -> None:
    for packet in packets:
        packet.stream = stream
        made.mux(packet)
