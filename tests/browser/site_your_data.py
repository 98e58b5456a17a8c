"""Does the page for a reader's own data read, draw, foretell and hand over what it should?"""

import contextlib
import io
import struct
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linreg.exactness import NORRIS
from tests.interactive.test_tables import MESSY, files


class Table:
    """The figure on an open page, as a reader uses it."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.node = page.locator("explore-table")
        self.node.scroll_into_view_if_needed()
        page.locator(".explore.ready > explore-table").wait_for()
        self.node.locator("svg.chart path.axis").first.wait_for()
        self.settle()

    def settle(self) -> None:
        self.page.evaluate(
            "new Promise(d => requestAnimationFrame(() => requestAnimationFrame(d)))"
        )

    def press(self, name: str) -> None:
        self.node.get_by_role("button", name=name, exact=True).click()
        self.settle()

    def drop(self, content: str | bytes, name: str = "mine.csv") -> None:
        """Drop a file on the page, beside the box."""
        data = content.encode() if isinstance(content, str) else content
        kept = self.page.evaluate(
            """async ([bytes, name]) => {
              const data = new DataTransfer();
              data.items.add(new File([new Uint8Array(bytes)], name));
              const options = { dataTransfer: data, bubbles: true, cancelable: true };
              const drop = new DragEvent("drop", options);
              document.querySelector("h1").dispatchEvent(drop);
              await new Promise((done) => setTimeout(done, 50));
              return drop.defaultPrevented;
            }""",
            [list(data), name],
        )
        assert kept, "the browser would leave the page for the file"
        self.settle()

    def paste(self, text: str) -> None:
        box = self.node.locator("#explore-table-text")
        box.focus()
        self.page.evaluate("text => navigator.clipboard.writeText(text)", text)
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.press("ControlOrMeta+v")
        self.settle()

    def told(self) -> str:
        return self.node.locator(".told").inner_text()

    def words(self) -> str:
        return self.node.locator(".words span").inner_text()

    def value(self, name: str) -> str:
        return self.node.locator(f".value-{name}").inner_text()

    def rows(self) -> list[list[str]]:
        """Return the table of slopes and errors, without its heading."""
        rows = self.node.locator(".found tr").all()[1:]
        return [row.locator("th, td").all_inner_texts() for row in rows]

    def all(self) -> list[Any]:
        """Return what a link must keep."""
        verdict = self.node.locator(".verdict").inner_text()
        return [self.words(), self.rows(), self.value("rows"), verdict]

    def copied(self, button: str, said: str) -> str:
        self.press(button)
        self.node.get_by_text(said).wait_for()
        return self.page.evaluate("navigator.clipboard.readText()")


@pytest.fixture
def table(open_page):
    return Table(open_page("your-data.html"))


def printed(program: str) -> tuple[dict[str, Any], list[str]]:
    said, names = io.StringIO(), {}
    with contextlib.redirect_stdout(said):
        exec(compile(program, "program", "exec"), names)
    return names, said.getvalue().splitlines()


# Reading


def test_the_examples_show_what_is_known_of_them(table: Table) -> None:
    import statsmodels.datasets.longley as longley

    assert table.words() == "score = 7.36905 · hours + 419.643"
    table.press("Norris")
    shown = [float(row[1].replace("−", "-")) for row in table.rows()]
    assert shown == [float(f"{certified:.6g}") for certified in NORRIS]
    table.press("Longley")
    assert table.value("rows") == "16"
    data = longley.load_pandas().data
    x = np.column_stack([np.ones(16), data[["GNPDEFL", "GNP", "UNEMP", "ARMED", "POP", "YEAR"]]])
    best = np.linalg.lstsq(x, data["TOTEMP"], rcond=None)[0]
    assert float(table.rows()[0][1]) == pytest.approx(best[1], rel=1e-5)
    table.press("Penguins")
    assert "2 rows are left out, since a cell is missing or no number: rows 5, 273." in table.told()
    assert table.value("rows") == "342"
    table.press("Braking cars")
    assert table.words() == "distance = 3.93241 · speed − 17.5791"
    assert table.value("rSquared") == "0.651079"


def test_a_messy_file_is_read_and_all_that_was_not_is_told(table: Table) -> None:
    table.drop(MESSY, "week.csv")
    told = table.told()
    assert "Read 7 rows and 4 columns, with semicolons between the cells and decimal commas" in told
    assert "1 line above the table was skipped." in told
    assert "1 row has more cells than there are columns, and is left out: row 9." in told
    assert "“day” are dates (%d.%m.%Y); they became days since the first, 2024-07-01." in told
    assert table.value("left") == "1"
    table.node.get_by_role("combobox").select_option("turnover")
    table.node.get_by_role("checkbox", name="visitors").check()
    table.node.get_by_role("checkbox", name="day").uncheck()
    table.settle()
    assert table.value("rows") == "5"
    table.node.get_by_text("What was read, and how").click()
    unread = table.node.locator(".unread").inner_text()
    assert "Row 8, “visitors”: “ca. 160” could not be read." in unread
    assert "Row 6 is left out: “visitors” is missing." in unread


BAD = [
    ("x\n1\n2\n3\n", "Only “x” has numbers."),
    ("a,b\nred,blue\ngreen,red\n", "No column here has numbers"),
    ("x,y\n1,2\n1,3\n1,4\n", "All values of “x” are the same, 1, so no line"),
    ("x,y\n1,NA\n2,\nNA,3\n", "No row has a number in all chosen columns."),
    ("x,y\n1,2\n", "Only one row has a number"),
    (b"\x89PNG\r\n\x1a\n\0\0\0\0", "mine.csv: This is a picture (PNG), not a table"),
    ("", "There is nothing here yet."),
]


def test_bad_input_gets_a_sentence_and_the_page_lives(table: Table) -> None:
    for content, said in BAD:
        table.drop(content)
        assert said in f"{table.told()} {table.words()}"
        assert table.node.get_by_role("button", name="Copy PyTorch").is_disabled(), content
        table.press("Eight students")
        assert table.words() == "score = 7.36905 · hours + 419.643", content


def test_numbers_at_the_ends_of_what_a_computer_holds_are_right_or_refused(table: Table) -> None:
    table.drop("x,y\n1e308,1\n-1e308,2\n0.5e308,1\n")
    slope = float(table.rows()[0][1].replace("−", "-"))
    assert slope == pytest.approx(-4.615e-309, rel=1e-3) or "hold" in table.words()
    # Unix times, far from zero: the slope keeps its digits.
    times = [1.7e9 + 60 * k for k in range(8)]
    table.drop("time,y\n" + "".join(f"{t:.0f},{3 + 2 * k}\n" for k, t in enumerate(times)))
    assert float(table.rows()[0][1]) == pytest.approx(2 / 60, rel=1e-5)
    assert "Unix times in seconds" in table.told()
    labels = table.node.locator('svg[data-name="fit"] .grid text').all_text_contents()
    assert len(set(labels)) == len(labels), "ticks that read alike"


def test_what_is_pasted_is_read_and_markup_in_it_stays_text(table: Table) -> None:
    table.paste('<img src=x onerror="document.title=1">\ty\n1\t2\n2\t4\n<b>3</b>\t7\n3\t6.5\n')
    assert "could not be read" not in table.words()
    assert table.node.locator("img, b").count() == 0
    table.node.get_by_text("What was read, and how").click()
    assert "Row 4, " in table.node.locator(".unread").inner_text()
    assert "“<b>3</b>” could not be read." in table.node.locator(".unread").inner_text()


def test_a_hundred_thousand_rows_are_drawn_within_a_second(table: Table) -> None:
    rng = np.random.default_rng(1)
    x = rng.uniform(0, 100, 100_000)
    y = 3 * x + rng.normal(0, 20, len(x)) + 7
    text = "x,y\n" + "".join(f"{a:.3f},{b:.3f}\n" for a, b in zip(x, y, strict=True))
    session = table.page.context.new_cdp_session(table.page)
    # What other tests do at the same time is not counted.
    session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def spent() -> float:
        metrics = session.send("Performance.getMetrics")["metrics"]
        return next(one["value"] for one in metrics if one["name"] == "TaskDuration")

    before = spent()
    table.page.evaluate(
        """async (text) => {
          const data = new DataTransfer();
          data.items.add(new File([text], "large.csv"));
          const figure = document.querySelector("explore-table");
          const options = { dataTransfer: data, bubbles: true, cancelable: true };
          document.body.dispatchEvent(new DragEvent("drop", options));
          while (figure.querySelector(".value-rows").textContent !== "100,000") {
            await new Promise((done) => requestAnimationFrame(done));
          }
        }""",
        text,
    )
    table.settle()
    took = spent() - before
    print(f"{1000 * took:.0f} ms for 100,000 rows, drawn")
    slope, intercept = np.polyfit(x.round(3), y.round(3), 1)
    assert [float(row[1]) for row in table.rows()] == pytest.approx([slope, intercept], rel=1e-5)
    assert took < 1


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(drawn=files(), junk=st.binary(max_size=300))
def test_drawn_files_never_kill_the_page(table: Table, drawn: Any, junk: bytes) -> None:
    for content in (drawn[0], junk):
        table.drop(content)
        told = table.told()
        assert told.strip().endswith("."), told
        if not table.words():
            assert told
        seen = table.node.inner_text()
        assert "NaN" not in seen.replace("“NaN", "") and "undefined" not in seen


def test_the_box_has_the_table_that_is_drawn(table: Table) -> None:
    box = table.node.locator("#explore-table-text")
    table.paste("x,y\n1,2\n2,4\n3,7\n")
    table.drop("p,q\n1,2\n2,5\n3,6\n")
    assert table.words().startswith("q = ") and box.input_value() == "p,q\n1,2\n2,5\n3,6\n"
    box.press_sequentially("4,9")
    table.settle()
    assert table.words().startswith("q = ") and table.value("rows") == "4"
    table.drop("x,y\n" + "1,2\n2,3\n" * 5000, "large.csv")
    assert "large.csv is too long to show here" in box.get_attribute("placeholder")
    table.drop(b"\x89PNG", "mine.png")
    assert not box.get_attribute("placeholder")
    assert "This is a picture" in table.told()


def test_a_file_that_comes_late_or_never_takes_no_one_s_place(table: Table) -> None:
    late = (
        "new Promise((done) => setTimeout(() => done(new TextEncoder().encode('a,b\\n1,2')), 200))"
    )
    never = "Promise.reject(new DOMException('a folder'))"
    table.page.evaluate(f"void (File.prototype.arrayBuffer = () => {late})")
    table.drop("", "large.csv")
    table.press("Norris")
    table.page.wait_for_timeout(300)
    assert table.words().startswith("y = 1.00212 · x")
    table.page.evaluate(f"void (File.prototype.arrayBuffer = () => {never})")
    table.drop("", "folder")
    assert table.told() == "folder: The browser cannot read it. Choose a file, and no folder."
    table.page.evaluate("location.hash = '#explore-table:example=norris'")
    table.settle()
    assert table.told().startswith("Read 36 rows")


def test_a_table_without_a_line_has_no_axes(table: Table) -> None:
    table.paste("c,d\na,1\nb,2\n")
    assert "Only “d” has numbers" in table.words()
    assert not table.node.locator("svg.chart .grid > *").count()


# Training


def test_a_run_is_foretold_in_linreg_s_own_words(table: Table) -> None:
    from linreg import diagnose, load_study

    found = diagnose(load_study().x.double(), lr=1e-4, epochs=1000)
    verdict = table.node.locator(".verdict").inner_text()
    assert verdict.rstrip(".").lower() == found.verdict.lower()
    table.node.get_by_role("radio", name="standardised").check()
    table.settle()
    assert table.value("limit") == "1"
    field = table.node.get_by_role("spinbutton", name="Learning rate")
    field.fill("3")
    field.press("Enter")
    table.settle()
    assert table.node.locator(".verdict").inner_text().startswith("Diverges: lr=3")


# Taking it away


@pytest.mark.parametrize("example", ["Eight students", "Longley"])
def test_the_copied_program_finds_what_the_page_shows(table: Table, example: str) -> None:
    table.press(example)
    names, lines = printed(table.copied("Copy PyTorch", "PyTorch program copied."))
    shown = [float(row[1].replace("−", "-")) for row in table.rows()]
    assert [float(s) for s in names["slopes"]] == pytest.approx(shown[:-1], rel=1e-5)
    assert float(names["intercept"]) == pytest.approx(shown[-1], rel=1e-5)
    assert lines[-1] == "Least squares agrees."
    names, _ = printed(table.copied("Copy pandas", "pandas program copied."))
    assert float(names["intercept"]) == pytest.approx(shown[-1], rel=1e-5)


def test_a_program_for_many_pasted_rows_reads_the_table_that_the_page_saves(
    table: Table, tmp_path, monkeypatch
) -> None:
    rows = [f"{k},{3 * k + (-1) ** k}" for k in range(300)]
    table.paste("x,y\n" + "\n".join(rows))
    program = table.copied("Copy PyTorch", "PyTorch program copied.")
    assert 'read_csv("table.csv")' in program
    with table.page.expect_download() as download:
        table.press("Download table")
    download.value.save_as(tmp_path / "table.csv")
    monkeypatch.chdir(tmp_path)
    names, _ = printed(program)
    assert float(names["slopes"][0]) == pytest.approx(float(table.rows()[0][1]), rel=1e-5)


def test_a_link_leads_to_the_same_table_and_choices(open_page) -> None:
    table = Table(open_page("your-data.html"))
    table.drop(MESSY)
    table.node.get_by_role("combobox").select_option("turnover")
    table.node.get_by_role("radio", name="half").check()
    table.settle()
    shown = table.all()
    link = table.copied("Copy link", "Link copied.")
    assert "your-data.html#explore-table:" in link
    other = Table(open_page(link.removeprefix(open_page.home)))
    assert shown == other.all()
    # What was not chosen is nobody's business.
    assert "ice" not in link


@pytest.mark.parametrize(
    "given",
    [
        # In a link tabs are between the cells, and there a space could part thousands.
        "x,y\n1,2\n2,4\n3,1 234\n4,8\n5,11\n",
        # Points and commas: only those of one kind were read.
        "x;y\n1;1,5\n2;2.5\n3;3.5\n4;1,234\n5;6.5\n6;1,2\n7;8.1\n",
        "",
    ],
)
def test_a_link_reads_numbers_and_names_as_the_page_did(open_page, given: str) -> None:
    table = Table(open_page("your-data.html"))
    if given:
        table.paste(given)
    else:
        table.node.get_by_text("What was read, and how").click()
        table.node.get_by_role("radio", name="none").check()
        table.settle()
    link = table.copied("Copy link", "Link copied.")
    assert Table(open_page(link.removeprefix(open_page.home))).all() == table.all()


def test_how_dates_are_read_changes_no_number(open_page) -> None:
    table = Table(open_page("your-data.html"))
    table.paste("x,y\n1,2\n2,4\n3,1 234\n4,8\n5,11\n")
    link = table.copied("Copy link", "Link copied.")
    other = Table(open_page(link.removeprefix(open_page.home)))
    other.node.get_by_text("What was read, and how").click()
    other.node.get_by_role("radio", name="day first").check()
    other.settle()
    assert (other.words(), other.value("rows")) == (table.words(), table.value("rows"))


def test_the_numbers_of_rows_are_no_x_unless_asked_for(table: Table) -> None:
    table.paste(",a,b\n0,1,2\n1,3,5\n2,4,6\n")
    assert table.words().startswith("b = ") and "· a" in table.words()
    table.paste(",b\n0,2\n1,5\n2,6\n")
    assert "· column 1" in table.words()


def test_too_many_data_for_a_link_are_told(table: Table) -> None:
    table.drop("x,y\n" + "".join(f"{k},{k * k}\n" for k in range(2000)))
    table.press("Copy link")
    table.node.get_by_text("too many data for a link").wait_for()


def test_the_figure_is_saved_as_svg_and_png(table: Table, tmp_path) -> None:
    import xml.etree.ElementTree as ET

    with table.page.expect_download() as download:
        table.press("Download SVG")
    path = tmp_path / "a.svg"
    download.value.save_as(path)
    svg = ET.parse(path).getroot()
    assert "hours" in "".join(svg.itertext()) and "class" not in path.read_text()
    with table.page.expect_download() as download:
        table.press("Download PNG")
    assert download.value.suggested_filename == "best-line.png"
    download.value.save_as(tmp_path / "a.png")
    data = (tmp_path / "a.png").read_bytes()
    width, height = struct.unpack(">II", data[16:24])
    box = table.node.locator('svg[data-name="fit"]').bounding_box()
    assert (width, height) == (2 * round(box["width"]), 2 * round(box["height"]))
    import matplotlib.image

    pixels = matplotlib.image.imread(tmp_path / "a.png")[..., :3]
    # White paper, black points and a blue line.
    assert pixels.max() == 1 and pixels.min() < 0.2
    assert ((pixels[..., 2] - pixels[..., 0]) > 0.4).sum() > 100


# Everyone


def test_nothing_is_asked_of_anyone_once_the_page_is_there(open_page) -> None:
    page = open_page("your-data.html")
    table = Table(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    table.drop(MESSY)
    for name in ("Penguins", "Copy link", "Copy PyTorch", "Copy pandas", "Longley"):
        table.press(name)
    table.paste("a,b\n1,2\n2,3\n3,5\n")
    for name in ("Download PNG", "Download SVG", "Download table"):
        with page.expect_download():
            table.press(name)
    assert not [url for url in asked if not url.startswith(("data:", "blob:"))]
    assert page.evaluate("localStorage.length + document.cookie.length") <= 1


def test_a_value_is_predicted_with_its_intervals(table: Table) -> None:
    from linreg import least_squares, load_study

    study = load_study()
    fit = least_squares(study.x, study.y)
    field = table.node.get_by_role("textbox", name="hours")
    field.fill("35")
    table.settle()
    said = table.node.locator(".predict output").inner_text()
    low, high = fit.prediction_interval(35)
    assert said.startswith(f"score: {fit.predict(35):.6g}, between {low:.6g} and {high:.6g}")
    field.fill("200")
    table.settle()
    assert "beyond, nothing tells" in table.node.locator(".predict output").inner_text()
    field.fill("many")
    table.settle()
    assert "“many” is no number." in table.node.locator(".predict output").inner_text()


def test_what_the_page_fills_in_is_read_as_the_table_is(table: Table) -> None:
    table.paste("x;y\n" + "".join(f"1,{205 + 6 * k};{3 + k},5\n" for k in range(12)))
    field = table.node.locator(".predict input")
    output = table.node.locator(".predict output")
    before = output.inner_text()
    assert field.input_value() == "1,238" and before.startswith("y: 9,")
    field.fill("1,2380")
    table.settle()
    assert output.inner_text() == before
    table.paste("share,y\n" + "".join(f"{k}%,{1.7e9 + 60 * k + k % 3}\n" for k in range(1, 9)))
    field.fill("8%")
    table.settle()
    # So far from zero, six digits would all be the same.
    assert output.inner_text().startswith("y: 170000048")


def test_what_was_typed_to_predict_for_stays(table: Table) -> None:
    table.press("Longley")
    fields = table.node.locator(".predict input")
    fields.nth(0).fill("90")
    fields.nth(1).fill("300000")
    table.node.get_by_role("checkbox", name="year").uncheck()
    table.settle()
    assert [field.input_value() for field in fields.all()[:2]] == ["90", "300000"]
    table.press("Norris")
    table.press("Longley")
    assert fields.nth(0).input_value() != "90"


def test_all_of_it_is_done_by_keyboard_and_heard(table: Table) -> None:
    table.node.locator("#explore-table-text").focus()
    table.page.keyboard.press("ControlOrMeta+a")
    table.page.keyboard.type("a b\n1 2\n2 4\n3 7\n")
    table.settle()
    assert table.words().startswith("b = 2.5 · a")
    for _ in range(4):
        table.page.keyboard.press("Tab")
    status = table.node.locator(".status")
    table.page.wait_for_timeout(1000)
    assert "Read 3 rows and 2 columns" in status.text_content()


@pytest.mark.parametrize("width", [320, 390])
def test_on_a_phone_nothing_scrolls_sideways_and_targets_are_large(open_page, width: int) -> None:
    page = open_page("your-data.html", width=width, has_touch=True)
    table = Table(page)
    for example in ("Longley", "Penguins"):
        table.press(example)
        table.node.evaluate("f => f.querySelectorAll('details').forEach(d => (d.open = true))")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert table.node.evaluate("f => f.scrollWidth <= f.parentElement.clientWidth")
    kinds = ("text", "number", "range")
    targets = ", ".join(["button", "select", *(f"input[type={kind}]" for kind in kinds)])
    for target in table.node.locator(targets).all():
        if box := target.bounding_box():
            assert box["height"] >= 43.9


def test_without_javascript_the_page_says_what_it_would_do(open_page) -> None:
    page = open_page("your-data.html", java_script_enabled=False)
    assert page.locator("#fig-explore-table svg.plot").is_visible()
    assert not page.locator("explore-table").is_visible()
    assert page.get_by_text("Where scripts are off").is_visible()


def test_a_printed_run_is_reviewed_in_linreg_s_own_words(table: Table) -> None:
    from linreg import load_study, review, train

    study = load_study()
    table.node.locator(".losses summary").click()
    losses = train(study.x, study.y, lr=1e-4, epochs=300).losses
    printed = "\n".join(f"epoch {k}, loss {loss:.9g}" for k, loss in enumerate(losses))
    table.node.locator("#explore-table-losses").fill(printed)
    table.settle()
    said = table.node.locator(".reviewed").inner_text()
    expected = review(study.x, study.y, [float(f"{loss:.9g}") for loss in losses], lr=1e-4).verdict
    assert said.startswith("300 losses, from ")
    assert said.rstrip(".").lower().endswith(expected.lower())
    table.node.locator("#explore-table-losses").fill("no numbers here")
    table.settle()
    assert "A loss for each epoch" in table.node.locator(".reviewed").inner_text()


def test_a_run_on_standardised_columns_is_reviewed_in_its_own_units(table: Table) -> None:
    table.node.get_by_role("radio", name="standardised").check()
    field = table.node.get_by_role("spinbutton", name="Learning rate")
    field.fill("0.1")
    field.press("Enter")
    table.settle()
    x, y = (
        np.array(column) for column in ([1, 2, 3, 4, 5, 6, 7, 8], [48, 52, 71, 68, 83, 89, 92, 98])
    )
    x, y = (x - x.mean()) / x.std(), (y - y.mean()) / y.std()
    losses = []
    slope = intercept = 0.0
    for _ in range(1001):
        misses = slope * x + intercept - y
        losses.append((misses**2).mean())
        slope, intercept = slope - 0.2 * (misses * x).mean(), intercept - 0.2 * misses.mean()
    assert float(table.value("end")) == pytest.approx(losses[-1], rel=1e-5)
    table.node.locator(".losses summary").click()
    table.node.locator("#explore-table-losses").fill("\n".join(map(str, losses[:1000])))
    table.settle()
    assert "Arrived" in table.node.locator(".reviewed").inner_text()


def test_a_batch_that_cannot_be_is_refused_and_the_one_that_holds_comes_back(table: Table) -> None:
    batch = table.node.get_by_role("spinbutton", name="Batch size")
    for typed in ("4", "2.5"):
        batch.fill(typed)
        batch.press("Enter")
        batch.blur()
        table.settle()
        assert batch.input_value() == "4"
        assert "batches of 4" in table.node.locator(".verdict").inner_text()
