"""A 30 s 1080p phone video to what is served, beside `ffmpeg` with the same settings; and one that is fine already."""

import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.processes import compared, python, run
from reviews_app.media.workshop.task import VIDEO, Task
from reviews_app.media.workshop.video_transcode import ENCODER

SECONDS = 30
PICTURES = f"testsrc2=size=1920x1080:rate=30:duration={SECONDS},noise=alls=6:allf=t"
TONE = f"sine=frequency=440:duration={SECONDS}"


def measure() -> dict[str, float]:
    with TemporaryDirectory() as name:
        folder = Path(name)
        recorded(folder / "phone.mov", "libx265", "-x265-params", "log-level=0", "-tag:v", "hvc1")
        recorded(folder / "plain.mp4", "libx264")
        task = Task(VIDEO, str(folder / "phone.mov"), name, container="mov").as_text()
        ours, ffmpeg = compared(
            python("-m", "reviews_app.media.workshop", task),
            encoding(folder / "phone.mov", folder / "ffmpeg.mp4"),
            times=1,
        )
        task = Task(VIDEO, str(folder / "plain.mp4"), name, container="mov").as_text()
        moved = run(python("-m", "reviews_app.media.workshop", task))
    return {
        "hevc_s": round(ours.seconds, 1),
        "hevc_ffmpeg_s": round(ffmpeg.seconds, 1),
        "hevc_ratio": round(ours.seconds / ffmpeg.seconds, 2),
        "hevc_processor_s": round(ours.processor_seconds, 1),
        "hevc_ffmpeg_processor_s": round(ffmpeg.processor_seconds, 1),
        "hevc_processor_ratio": round(ours.processor_seconds / ffmpeg.processor_seconds, 2),
        "hevc_peak_mb": round(ours.memory_mib),
        "hevc_ffmpeg_peak_mb": round(ffmpeg.memory_mib),
        "h264_as_it_is_s": round(moved.seconds, 2),
    }


def recorded(path: Path, codec: str, *options: str) -> None:
    """What a phone would have recorded."""
    inputs = ["-f", "lavfi", "-i", PICTURES, "-f", "lavfi", "-i", TONE]
    made = ["-c:v", codec, "-preset", "ultrafast", "-b:v", "12M", "-pix_fmt", "yuv420p", *options, "-c:a", "aac"]
    subprocess.run(["ffmpeg", "-loglevel", "error", "-y", *inputs, *made, str(path)], check=True)


def encoding(source: Path, target: Path) -> list[str]:
    """The same work on the command line."""
    encoder = [
        part for name, value in ENCODER.items() for part in (f"-{'profile:v' if name == 'profile' else name}", value)
    ]
    shape = ["-vf", "scale=1920:1080,fps=30,format=yuv420p", "-threads", "2"]
    sound = ["-c:a", "aac", "-b:a", "128k", "-ar", "48000", "-ac", "2"]
    out = ["-movflags", "+faststart", "-map_metadata", "-1", str(target)]
    return ["ffmpeg", "-loglevel", "error", "-y", "-i", str(source), *shape, "-c:v", "libx264", *encoder, *sound, *out]
