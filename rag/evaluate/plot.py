"""Results → a plot of the abstention curve, false answers against false refusals, as SVG or PNG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from rag.errors import InputError, SettingsError
from rag.evaluate.figures import confidences
from rag.evaluate.metrics import abstention_curve, auroc
from rag.evaluate.results import Result

_FORMATS: Final = (".svg", ".png")


def check(path: Path) -> None:
    """Make sure that a plot can be made, before the questions are asked.

    Raises:
        InputError: the file's ending is none of a picture.
        SettingsError: matplotlib is not installed.
    """
    if path.suffix.lower() not in _FORMATS:
        raise InputError(
            f"{path} is no name of a plot: it ends in {path.suffix or 'nothing'}",
            hint=f"end it in {' or '.join(_FORMATS)}",
        )
    if find_spec("matplotlib") is None:
        raise SettingsError("a plot needs matplotlib", hint="pip install 'quellenchat[plot]'")


def abstention(path: Path, runs: Mapping[str, Sequence[Result]], threshold: float | None = None) -> None:
    """Draw the curve of each run by name, with the point where it abstained as it ran.

    `threshold` is the least confidence it answered at, for the legend.

    Raises:
        InputError: a run lacks answerable or unanswerable questions, or the file cannot be written.
        SettingsError: matplotlib is not installed.
    """
    check(path)
    import matplotlib
    from matplotlib.figure import Figure

    drawing = Figure(figsize=(6.4, 4.8), layout="constrained")
    axes = drawing.add_subplot(
        xlabel="answerable questions declined (false refusals)",
        ylabel="unanswerable questions answered (false answers)",
        xlim=(-0.02, 1.02),
        ylim=(-0.02, 1.02),
    )
    for name, results in runs.items():
        positive, negative = confidences(results)
        if not positive or not negative:
            raise InputError(
                f"{name}: a curve needs questions with and without an answer, "
                f"got {len(positive)} with and {len(negative)} without",
                hint='add questions whose "articles" are empty: they must be declined',
            )
        label = f"{name}, AUROC {auroc(positive, negative):.3f} ({len(positive)}+{len(negative)} questions)"
        (line,) = axes.plot(*abstention_curve(positive, negative), drawstyle="steps-post", label=label)
        at = "" if threshold is None else f"threshold {threshold:g}: "
        refused, answered = operating_point(results)
        axes.plot(
            refused, answered, "o", color=line.get_color(),
            label=f"{at}{refused:.1%} false refusals, {answered:.1%} false answers",
        )  # fmt: skip
    axes.axvline(0.05, color="0.7", linewidth=0.8, linestyle=":", label="5 % false refusals")
    axes.legend(loc="upper right", fontsize="small")
    try:
        with matplotlib.rc_context({"svg.hashsalt": "quellenchat", "svg.fonttype": "none"}):
            drawing.savefig(path, metadata={"Date": None} if path.suffix.lower() == ".svg" else {}, dpi=150)
    except OSError as error:
        raise InputError(
            f"{path} cannot be written: {error.strerror}", hint="choose another file for --plot"
        ) from error


def operating_point(results: Sequence[Result]) -> tuple[float, float]:
    """Return the false refusals and false answers as they happened; both kinds of questions are there."""
    answerable = [one.answered for one in results if one.case.articles]
    unanswerable = [one.answered for one in results if not one.case.articles]
    return 1 - sum(answerable) / len(answerable), sum(unanswerable) / len(unanswerable)
