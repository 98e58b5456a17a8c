"""Lets a test call the scripts' own functions, in Node."""

import contextlib
import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from press.pages import DOCS
from press.tools import npm

# Not from the build, which brings PyTorch: the process that hands out the tests reads this too.
STATIC = DOCS / "interactive" / "static"

# Answers each line of JSON, a function's name and what it is given, by a line with its result.
SERVER = """
import { createInterface } from "node:readline";
const script = await import(process.argv[1]);
for await (const line of createInterface({ input: process.stdin })) {
  const [name, ...given] = JSON.parse(line);
  let answer;
  try { answer = { result: script[name](...given) ?? null }; }
  catch (error) { answer = { error: String(error) }; }
  console.log(JSON.stringify(answer));
}
"""


class Script:
    """The functions of a script, run by Node."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("_"):
            raise AttributeError(name)

        def call(*given: Any) -> Any:
            assert self.process.stdin and self.process.stdout
            self.process.stdin.write(json.dumps([name, *given]) + "\n")
            self.process.stdin.flush()
            answer = json.loads(self.process.stdout.readline())
            if "error" in answer:
                raise RuntimeError(answer["error"])
            return answer["result"]

        return call


@contextlib.contextmanager
def running(path: Path) -> Iterator[Script]:
    command = [str(npm.NODE), "--input-type=module", "-e", SERVER, path.as_uri()]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True, encoding="utf-8"
    ) as process:
        yield Script(process)


def plain(name: str) -> Any:
    """Return the fixture of a script that takes and gives plain data."""

    @pytest.fixture(scope="module", name=f"{name}_js")
    def script() -> Iterator[Script]:
        with running(STATIC / f"{name}.js") as running_script:
            yield running_script

    return script


math_js, text_js, words_js = plain("math"), plain("text"), plain("words")
regression_js, diagnosis_js = plain("regression"), plain("diagnosis")


@pytest.fixture(scope="module")
def run_js(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Script]:
    """The run and its sentence, as plain data: functions do not travel between processes."""
    path = tmp_path_factory.mktemp("run") / "plain.js"
    path.write_text(
        f"""
        import {{ runOf }} from "{(STATIC / "run.js").as_uri()}";
        import {{ judge }} from "{(STATIC / "words.js").as_uri()}";
        export function follow(data, state, marks) {{
          const {{ units, optimizer, lr, momentum, epochs }} = state;
          const run = runOf(data, units, optimizer, lr, momentum, epochs);
          return {{
            stopped: run.stopped === Infinity ? null : run.stopped,
            lines: marks.map((epoch) => run.at(epoch)),
            shown: marks.map((epoch) => run.back(run.at(epoch))),
            losses: marks.map((epoch) => run.loss(run.at(epoch)) * run.unit.yScale ** 2),
            bounds: marks.map((epoch) => run.bound(epoch) * run.unit.yScale ** 2),
            sentence: judge(run, state, data.tolerance),
          }};
        }}
        """,
        encoding="utf-8",
    )
    with running(path) as script:
        yield script


@pytest.fixture(scope="module")
def review_js(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Script]:
    with running(reviewer(tmp_path_factory.mktemp("review"), STATIC)) as script:
        yield script


def reviewer(place: Path, scripts: Path | None = None) -> Path:
    """Return a script that reviews losses given as texts, since no JSON holds nan and infinity."""
    path, scripts = place / "plain.mjs", scripts or place
    path.write_text(
        f"""
        import {{ review as judge }} from "{(scripts / "review.js").as_uri()}";
        export {{ percent }} from "{(scripts / "text.js").as_uri()}";
        export const review = (texts, options) => judge(texts.map(Number), options);
        """,
        encoding="utf-8",
    )
    return path
