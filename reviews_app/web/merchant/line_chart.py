"""Where the points of a small line chart lie: one ink line, one accent line, three lines of a grid."""

from dataclasses import dataclass

WIDTH, HEIGHT = 640.0, 180.0
LEFT, RIGHT, TOP, BOTTOM = 8.0, 140.0, 16.0, 28.0
# Labels of two ends that lie closer than this would stand on each other: on a phone they are 22 high.
APART = 26.0


@dataclass(frozen=True, slots=True)
class GridLine:
    """A height with the count it stands for."""

    y: float
    count: int


@dataclass(frozen=True, slots=True)
class LineChart:
    """Points as SVG takes them ("x,y x,y"), where each line's label stands, and the grid."""

    ink: str
    accent: str
    label_x: float
    ink_y: float
    accent_y: float
    xs: tuple[float, ...]
    grid: tuple[GridLine, ...]
    width: float = WIDTH
    height: float = HEIGHT
    plot_right: float = WIDTH - RIGHT


def line_chart(ink: list[int], accent: list[int]) -> LineChart:
    """Two rows of counts of the same length, on one scale from nought up."""
    top = _round_up(max([*ink, *accent, 1]))
    xs = tuple(round(LEFT + (WIDTH - RIGHT - LEFT) * place / max(1, len(ink) - 1), 1) for place in range(len(ink)))
    ink_y, accent_y = _heights(ink, top)[-1], _heights(accent, top)[-1]
    if abs(ink_y - accent_y) < APART:
        middle = min(max((ink_y + accent_y) / 2, TOP + APART / 2), HEIGHT - BOTTOM - APART / 2)
        ink_y, accent_y = middle - APART / 2, middle + APART / 2
    return LineChart(
        ink=_points(xs, _heights(ink, top)),
        accent=_points(xs, _heights(accent, top)),
        label_x=WIDTH - RIGHT + 8,
        ink_y=round(ink_y, 1),
        accent_y=round(accent_y, 1),
        xs=xs,
        grid=tuple(GridLine(_height(count, top), count) for count in (0, top // 2, top)),
    )


def _round_up(most: int) -> int:
    """The next even number of one figure and noughts: 2, 4, 10, 20, 40, 60 ..."""
    size = 10 ** (len(str(most)) - 1)
    steps = (2, 4, 6, 8, 10, 20) if size == 1 else (size, 2 * size, 4 * size, 6 * size, 8 * size, 10 * size)
    return next(step for step in steps if step >= most)


def _height(count: int, top: int) -> float:
    return round(HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * count / top, 1)


def _heights(counts: list[int], top: int) -> list[float]:
    return [_height(count, top) for count in counts]


def _points(xs: tuple[float, ...], ys: list[float]) -> str:
    return " ".join(f"{x},{y}" for x, y in zip(xs, ys, strict=True))
