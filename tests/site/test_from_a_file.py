"""Does the program of "From a file to an answer" answer for other files, by its three lines alone?

The oracles are NIST's certified line, SciPy's and NumPy's, of columns that were never in a file.
"""

import contextlib
import io
import re
import warnings

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
import scipy.stats
import sklearn.datasets

import linreg
from press.markdown import read
from press.pages import DOCS

PAGE = DOCS / "from-a-file" / "page.md"
NORRIS = (DOCS.parent / "linreg" / "norris.csv").read_text(encoding="utf-8")
# NIST's certified slope and intercept of it.
CERTIFIED = 1.00211681802045, -0.262323073774029
(PROGRAM,) = (
    cell.body
    for cell in read(PAGE.read_text(encoding="utf-8")).cells
    if not cell.tags and "optimizer" in cell.body
)
RULES = re.compile(r"(# -+ yours to change\n)(.*?)(# -+\n)", re.DOTALL)


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Return a function that runs the program with three lines of its own beside a file."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(plt, "show", lambda: None)

    def run(text, first, x_name, y_name, *, name="mine.csv"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        lines = f"table = {first}\nx_name = {x_name!r}\ny_name = {y_name!r}\n"
        code, changes = RULES.subn(lambda match: match[1] + lines + match[3], PROGRAM)
        assert changes == 1
        printed, names = io.StringIO(), {}
        with contextlib.redirect_stdout(printed):
            exec(compile(code, str(PAGE), "exec"), names)
        return names, printed.getvalue()

    yield run
    plt.close("all")


def test_three_lines_are_to_change_and_all_between_the_rules():
    lines = RULES.search(PROGRAM)[2].splitlines()
    assert [line.split(" = ")[0] for line in lines] == ["table", "x_name", "y_name"]


def expect(names, printed, slope, intercept, x):
    """See that the program found the line, said so, and wrote what it predicts for all `x`."""
    assert names["slope"] == pytest.approx(slope, rel=1e-7)
    assert names["intercept"] == pytest.approx(intercept, rel=1e-6)
    assert "epochs, arrived" in printed
    written = pd.read_csv("predicted.csv")
    assert list(written.columns[:-1]) == list(names["table"].columns[:-1])
    given = np.asarray(x, dtype=float)
    spread = np.nanstd(slope * given) + abs(intercept)
    assert written.iloc[:, -1].to_numpy() == pytest.approx(
        slope * given + intercept, abs=1e-6 * spread, nan_ok=True
    )


def test_a_table_of_nist_gives_the_certified_line(run):
    names, printed = run(NORRIS, 'pd.read_csv("mine.csv", comment="#")', "x", "y")
    expect(names, printed, *CERTIFIED, names["table"]["x"])
    assert "36 of 36 rows" in printed


def test_dates_become_days_and_missing_values_are_predicted(run):
    """The carbon dioxide of Mauna Loa, by the week, as statsmodels has it."""

    import statsmodels.datasets

    weekly = statsmodels.datasets.co2.load_pandas().data["co2"].iloc[:400]
    assert 0 < weekly.isna().sum() < 100
    days = (weekly.index - weekly.index[0]).days.to_numpy()
    here = weekly.notna().to_numpy()
    line = np.polynomial.Polynomial.fit(days[here], weekly[here], 1).convert()
    table = pd.DataFrame({"Week": weekly.index.strftime("%Y-%m-%d"), "CO2": weekly.to_numpy()})
    names, printed = run(table.to_csv(index=False), 'pd.read_csv("mine.csv")', "Week", "CO2")
    expect(names, printed, line.coef[1], line.coef[0], days)
    assert f"{here.sum()} of 400 rows are used" in printed


def test_days_as_others_write_them_and_semicolons_are_for_pandas_to_read(run):
    import statsmodels.datasets

    weekly = statsmodels.datasets.co2.load_pandas().data["co2"].iloc[:100]
    table = pd.DataFrame({"Day": weekly.index.strftime("%d.%m.%Y"), "CO2": weekly.to_numpy()})
    text = table.to_csv(index=False, sep=";", decimal=",")
    first = (
        'pd.read_csv("mine.csv", sep=";", decimal=",", parse_dates=["Day"], date_format="%d.%m.%Y")'
    )
    names, printed = run(text, first, "Day", "CO2")
    days, here = (weekly.index - weekly.index[0]).days.to_numpy(), weekly.notna().to_numpy()
    line = scipy.stats.linregress(days[here], weekly[here])
    expect(names, printed, line.slope, line.intercept, days)


def test_semicolons_and_decimal_commas(run):
    """Diabetes and body mass, as scikit-learn has them."""
    data = sklearn.datasets.load_diabetes(as_frame=True, scaled=False)
    table = data.frame[["bmi", "target"]]
    text = table.to_csv(index=False, sep=";", decimal=",")
    assert "32,1;151,0" in text
    first = 'pd.read_csv("mine.csv", sep=";", decimal=",")'
    names, printed = run(text, first, "bmi", "target")
    line = scipy.stats.linregress(table["bmi"], table["target"])
    expect(names, printed, line.slope, line.intercept, table["bmi"])


def test_years_and_a_falling_line(run):
    """The Nile at Aswan by year, as statsmodels has it, with tabs."""

    import statsmodels.datasets

    nile = statsmodels.datasets.nile.load_pandas().data
    text = nile.to_csv(index=False, sep="\t")
    names, printed = run(text, 'pd.read_csv("mine.csv", sep="\\t")', "year", "volume")
    line = scipy.stats.linregress(nile["year"], nile["volume"])
    assert line.slope < 0
    expect(names, printed, line.slope, line.intercept, nile["year"])


def test_the_seconds_of_a_clock(run):
    """So far from zero that slope and intercept cancel but for the last digits."""
    random = np.random.default_rng(5)
    seconds = np.arange(60)
    degrees = 20 + 0.05 * seconds + random.normal(scale=0.2, size=60)
    table = pd.DataFrame({"t": 1_790_000_000 + seconds, "degrees": degrees})
    names, printed = run(table.to_csv(index=False), 'pd.read_csv("mine.csv")', "t", "degrees")
    line = scipy.stats.linregress(seconds, degrees)
    assert "epochs, arrived" in printed
    assert names["slope"] == pytest.approx(line.slope, rel=1e-7)
    written = pd.read_csv("predicted.csv")["degrees, predicted"]
    assert written.to_numpy() == pytest.approx(line.slope * seconds + line.intercept, rel=1e-6)


def test_words_and_gaps_anywhere_are_left_out_and_shown(run):
    iris = sklearn.datasets.load_iris(as_frame=True).frame.iloc[:, 2:4].astype(object)
    iris.columns = ["length", "width"]
    iris.loc[3, "length"], iris.loc[7, "width"], iris.loc[11, "width"] = "?", "n/a", "1,234"
    names, printed = run(iris.to_csv(index=False), 'pd.read_csv("mine.csv")', "length", "width")
    x = pd.to_numeric(iris["length"], errors="coerce")
    kept = iris.drop([3, 7, 11]).astype(float)
    line = scipy.stats.linregress(kept["length"], kept["width"])
    expect(names, printed, line.slope, line.intercept, x)
    assert "147 of 150 rows" in printed
    assert re.search(r"(?m)^3 +\? ", printed) and re.search(r"(?m)^11 .* 1,234$", printed)


@pytest.mark.parametrize(
    ("text", "raised", "said"),
    [
        ("x,y\n1,2\n1,3\n", ValueError, "all x equal 1.0"),
        ("x,y\na,b\nc,d\n", ValueError, "at least two points, and there are 0"),
        ("x,y\n1,2\ninf,3\n3,4\n", ValueError, r"x\[1\] is inf"),
        ("x;y\n1;2\n2;4\n", KeyError, "x"),
        ("x,y\n1,5\n2,5\n3,5\n", ValueError, "all y equal 5.0"),
    ],
)
def test_a_file_with_no_answer_is_refused(run, text, raised, said):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(raised, match=said):
            run(text, 'pd.read_csv("mine.csv")', "x", "y")


def test_the_served_file_holds_the_eight_students():
    table = pd.read_csv(PAGE.with_name("students.csv"))
    both = table[["Study hours", "Exam score"]].apply(pd.to_numeric, errors="coerce").dropna()
    study = linreg.load_study("table")
    assert both.to_numpy().T.tolist() == [study.x.tolist(), study.y.tolist()]
