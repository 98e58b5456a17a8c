"""What the figures have in common: ranges, presets, programs, and the controls as HTML.

The controls are in the page before any script runs, so that the browser itself keeps the room
that they need, in whatever font. A script finds them by their class and `data-name`.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from html import escape
from string import Template
from typing import Any

from linreg import Line, Study

SEED = 228


@dataclass(frozen=True, kw_only=True)
class Figure:
    """An interactive figure.

    data: all that its script needs, plain enough for JSON. controls: its charts, buttons, fields
    and readouts as HTML, empty of values.
    """

    data: dict[str, Any]
    controls: str


@dataclass(frozen=True)
class Range:
    """What a slider covers.

    low, high: its ends. step: what a key adds, or where `log` is true, multiplies by.
    log: whether equal distances along the slider multiply by equal factors.
    """

    low: float
    high: float
    step: float
    log: bool = False


# Data -------------------------------------------------------------------------------------------


def students(study: Study) -> dict[str, Any]:
    return {
        "x": study.x.tolist(),
        "y": study.y.tolist(),
        "xLabel": study.x_label,
        "yLabel": study.y_label,
    }


def ranges(**covered: Range) -> dict[str, Any]:
    return {name: asdict(one) for name, one in covered.items()}


def preset(name: str, **state: Any) -> dict[str, Any]:
    return {"name": name, "label": name.capitalize(), "state": state}


def numbers(found: Line) -> dict[str, float]:
    return {"slope": found.slope, "intercept": found.intercept}


def standard(values: Any) -> tuple[float, float]:
    """Return mean and standard deviation (÷ n) of a tensor of shape (n,), in float64."""
    return values.double().mean().item(), values.double().std(correction=0).item()


def program(template: str, study: Study, **values: Any) -> str:
    """Return `template` with the study filled in; what the reader chooses stays open."""
    hours, scores = ([int(value) for value in column] for column in (study.x, study.y))
    return Template(template).safe_substitute(hours=hours, scores=scores, seed=SEED, **values)


# Controls ---------------------------------------------------------------------------------------


def chart(name: str, label: str, *, size: str = "") -> str:
    """Return the place of a chart. label: what it shows, for those who do not see it."""
    shown = f'role="group" aria-label="{escape(label)}"'
    return f'<svg class="{f"chart {size}".strip()}" data-name="{name}" {shown}></svg>'


def button(name: str, label: str, *, kind: str = "") -> str:
    shown = f' class="{kind}"' if kind else ""
    return f'<button type="button"{shown} data-name="{name}">{escape(label)}</button>'


def buttons(name: str, label: str, entries: Iterable[dict[str, Any]]) -> str:
    """Return a row of buttons, one for each of the `entries` with their name and label."""
    inner = "".join(button(entry["name"], entry["label"]) for entry in entries)
    return (
        f'<div class="buttons" role="group" aria-label="{label}" data-name="{name}">{inner}</div>'
    )


def choice(name: str, label: str, entries: Iterable[dict[str, Any]]) -> str:
    """Return one choice of a few, as radio buttons in a row."""
    inner = "".join(
        f'<label><input type="radio" name="explore-{name}" value="{entry["name"]}">'
        f"{escape(entry['label'])}</label>"
        for entry in entries
    )
    return f'<fieldset class="choice" data-name="{name}"><legend>{label}</legend>{inner}</fieldset>'


def slider(name: str, label: str, *, figure: str, unit: str = "", marks: str = "") -> str:
    """Return a slider with a field for the exact value. marks: what lies along its track."""
    key = f"explore-{figure}-{name}"
    units = f' <span class="unit">({escape(unit)})</span>' if unit else ""
    return (
        f'<div class="slider" data-name="{name}" data-unit="{escape(unit)}">'
        f'<label for="{key}" id="{key}-label">{escape(label)}{units}</label>'
        f'<div class="track"><input type="range" aria-labelledby="{key}-label">{marks}</div>'
        f'<input type="number" id="{key}" step="any" required></div>'
    )


def row(*sliders: str) -> str:
    return f'<div class="knobs">{"".join(sliders)}</div>'


def readouts(**labels: str) -> str:
    """Return the places of numbers, each under its label."""
    pairs = "".join(
        f'<div><dt>{label}</dt><dd class="value-{name}">–</dd></div>'
        for name, label in labels.items()
    )
    return f"<dl>{pairs}</dl>"


def words(longest: str) -> str:
    """Return the place of the figure's sentence, with room for the `longest`, unseen."""
    return f'<p class="words" data-longest="{escape(longest)}"><span></span></p>'
