"""Say in digits and words what a figure draws, so that a change of it can be read in a diff.

Kernels load this before they run a page: each figure that a cell shows then carries such a text.
"""

from typing import Any

MIME = "text/x-drawn"


def watch(shell: Any) -> None:
    """Let the IPython `shell` describe every figure that it shows."""
    from IPython.core.formatters import BaseFormatter
    from traitlets import Unicode

    class Describe(BaseFormatter):
        format_type = Unicode(MIME)

        # Not by a registered printer: those of figures go when matplotlib chooses its formats.
        def __call__(self, shown: Any) -> str | None:
            is_figure = type(shown).__module__ == "matplotlib.figure"
            return describe(shown) if is_figure else None

    formatters = shell.display_formatter.formatters
    formatters[MIME] = Describe(parent=shell.display_formatter)


def describe(figure: Any) -> str:
    """Return a line for each axes of a figure, and for each thing in it."""
    return "\n".join(line for axes in figure.axes for line in _axes(axes))


def _axes(axes: Any) -> list[str]:
    spans = {
        name: (getattr(axes, f"get_{name}label")(), getattr(axes, f"get_{name}lim")())
        for name in "xy"
    }
    scales = {name: getattr(axes, f"get_{name}scale")() for name in "xy"}
    head = "; ".join(
        f"{name} {label!r} {_number(low)} to {_number(high)}"
        + (f" {scales[name]}" if scales[name] != "linear" else "")
        for name, (label, (low, high)) in spans.items()
    )
    title = axes.get_title() or axes.get_title(loc="left")
    found = [f"axes{f' {title!r}' if title else ''}: {head}"]
    found += [f"  line {_colour(line)} {line.get_linestyle()} {_points(line.get_xydata())}"
              for line in axes.lines]  # fmt: skip
    found += [f"  {text}" for mark in axes.collections if (text := _collection(mark))]
    found += [f"  patch {_colour(p, 'facecolor')} {_points(p.get_extents().get_points())}"
              for p in axes.patches]  # fmt: skip
    found += [f"  text {text.get_text()!r} {_colour(text)} at {_pair(_place(text))}"
              for text in axes.texts if text.get_text()]  # fmt: skip
    if legend := axes.get_legend():
        names = [legend.get_title().get_text(), *(t.get_text() for t in legend.get_texts())]
        found.append(f"  legend {', '.join(filter(None, names))}")
    return found


def _place(text: Any) -> Any:
    """Return where a text is, or for one that stands beside a point, that point."""
    return getattr(text, "xy", text.get_position())


def _collection(mark: Any) -> str:
    from matplotlib.collections import LineCollection, PathCollection
    from matplotlib.contour import ContourSet

    if isinstance(mark, ContourSet):
        return f"contours {_colour(mark, 'edgecolor')} at {', '.join(map(_number, mark.levels))}"
    if isinstance(mark, LineCollection):
        ends = [point for segment in mark.get_segments() for point in segment]
        return f"strokes {_colour(mark)} {_points(ends)}"
    if isinstance(mark, PathCollection):
        return f"points {_colour(mark, 'facecolor')} {_points(mark.get_offsets())}"
    paths = [point for path in mark.get_paths() for point in path.vertices]
    return f"area {_colour(mark, 'facecolor')} {_points(paths)}"


def _colour(thing: Any, which: str = "color") -> str:
    from matplotlib.colors import to_hex

    colours = getattr(thing, f"get_{which}")()
    try:
        return to_hex(colours)
    except ValueError:
        # One of several colours: all of them, or those of an open marker's edge.
        found = list(dict.fromkeys(to_hex(colour) for colour in colours))
        return "+".join(found) or "open"


def _points(points: Any) -> str:
    """Return up to eight points whole, and of more the first, a middle one and the last."""
    pairs = [_pair(point) for point in points]
    if len(pairs) <= 8:
        return " ".join(pairs)
    return f"{len(pairs)}: {pairs[0]} … {pairs[len(pairs) // 2]} … {pairs[-1]}"


def _pair(point: Any) -> str:
    return f"({_number(point[0])}, {_number(point[1])})"


def _number(value: Any) -> str:
    # Below this, what is drawn is rounding.
    value = float(value)
    return f"{value:.4g}" if abs(value) > 1e-9 else "0"
