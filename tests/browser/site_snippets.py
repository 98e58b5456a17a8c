"""Does every snippet of every page run as pasted, alone, and print what the page shows?

The real button copies it, and a fresh Python runs it that has what Set up tells to install.
"""

import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.browser.conftest import ROOT, Reader

PROGRAMS = {"ipython3", "python"}
BLOCKS = """
(button) => {
  const block = button.closest("div[class*='highlight-']");
  const shown = button.closest(".cell")?.querySelectorAll(".cell_output .stream:not(.stderr) pre");
  return {
    language: block.className.match(/highlight-([\\w-]+)/)[1],
    session: block.classList.contains("doctest"),
    text: block.querySelector("pre").innerText,
    printed: [...(shown ?? [])].map((output) => output.innerText).join(""),
  };
}
"""
NOTHING = "nothing was copied"
PASTE = """
async (nothing) => {
  for (const end = performance.now() + 5000; performance.now() < end;) {
    const copied = await navigator.clipboard.readText();
    if (copied != nothing) return copied;
    await new Promise((later) => setTimeout(later, 5));
  }
  return nothing;
}
"""
REVEAL = """
(button) => {
  for (let at = button; at; at = at.parentElement) {
    if (at.tagName == "DETAILS") at.open = true;
    if (at.classList.contains("sd-tab-content")) at.previousElementSibling.click();
  }
}
"""


def copy_blocks(tab):
    """Yield each block of code of a page, with what the clipboard holds after pressing Copy."""
    for button in tab.locator("button.copybtn").all():
        button.evaluate(REVEAL)
        tab.evaluate(f"navigator.clipboard.writeText('{NOTHING}')")
        button.click()
        copied = tab.evaluate(PASTE, NOTHING)
        assert copied != NOTHING
        yield button.evaluate(BLOCKS) | {"copied": copied}


# Runs each program whose path it reads in a fork of a Python that has loaded PyTorch, and nothing
# else: what each program would do first, and what takes ten times as long as all the rest of it.
PATIENCE = 240  # seconds; what takes longer hangs
FORKS = f"""
import code, gc, os, runpy, signal, sys, traceback
import torch
import torch._dynamo  # which PyTorch loads by itself at an optimiser's first step
gc.freeze()  # so that no program looks for garbage in all that
for line in sys.stdin:
    path = line.strip()
    if not (child := os.fork()):
        for stream, name in ((1, "out"), (2, "err")):
            os.dup2(os.open(f"{{path}}.{{name}}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC), stream)
        signal.alarm({PATIENCE})
        sys.argv, failed = [path], 0
        sys.path[0] = os.path.dirname(path)
        try:
            if path.endswith(".py"):
                runpy.run_path(path, run_name="__main__")
            else:
                console = code.InteractiveConsole()
                for typed in [*open(path), ""]:
                    console.push(typed.rstrip())
        except BaseException:
            traceback.print_exc()
            failed = 1
        sys.stdout.flush()
        os._exit(failed)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
os._exit(0)  # to take PyTorch apart takes a second or two
"""


@dataclass
class Pasted:
    """Runs what a reader pastes into a fresh Python of the `reader`."""

    reader: Reader
    folder: Path
    forks: dict[Path, subprocess.Popen] = field(default_factory=dict)

    @property
    def options(self):
        quiet = self.reader.environment | {"MPLBACKEND": "agg"}
        return {"cwd": self.folder, "env": quiet, "text": True}

    def __call__(self, block):
        """Return exit code, output and errors of a block of code."""
        code = block["copied"]
        python = self.reader.python(with_linreg="linreg" in code)
        end = "session" if block["session"] else "py"
        path = self.folder / f"snippet-{abs(hash(code))}.{end}"
        path.write_text(code, encoding="utf-8")
        if block["session"] or "import torch" in code or "from linreg import" in code:
            return self.fork(python, path)
        command = [python, path]
        done = subprocess.run(command, capture_output=True, timeout=PATIENCE, **self.options)
        return done.returncode, done.stdout, done.stderr

    def fork(self, python, path):
        if python not in self.forks:
            pipe = subprocess.PIPE
            command = [python, "-c", FORKS]
            self.forks[python] = subprocess.Popen(command, stdin=pipe, stdout=pipe, **self.options)
        server = self.forks[python]
        server.stdin.write(f"{path}\n")
        server.stdin.flush()
        code = int(server.stdout.readline())
        printed, errors = (Path(f"{path}.{end}").read_text() for end in ("out", "err"))
        return code, printed, errors


@pytest.fixture(scope="session")
def pasted(reader, tmp_path_factory):
    pasted = Pasted(reader, tmp_path_factory.mktemp("pasted"))
    yield pasted
    for server in pasted.forks.values():
        server.communicate()


def find_lies(block, pasted):
    """Yield what is wrong with a program or a session, `pasted` into a fresh Python."""
    code, printed, errors = pasted(block)
    first = block["copied"].strip().splitlines()[:3]
    if code or "Traceback" in errors:
        yield f"a snippet fails (exit code {code}) that begins {first}:\n{errors[-1500:]}"
    promised = _shown(block["text"]) if block["session"] else block["printed"]
    if printed.strip() != promised.strip():
        yield f"a snippet that begins {first} prints\n{printed}\nand the page shows\n{promised}"


def _shown(session):
    return "\n".join(line for line in session.splitlines() if not line.startswith(">>>"))


def test_each_snippet_runs_as_pasted(open_page, page, pasted):
    blocks = [*copy_blocks(open_page(page))]
    programs = [block for block in blocks if block["language"] in PROGRAMS or block["session"]]
    print(f"{page}: {len(programs)} programs of {len(blocks)} blocks")
    problems = [problem for block in programs for problem in find_lies(block, pasted)]
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize(
    ("code", "fault", "said"),
    [
        ("import torch", "", "NameError: name 'torch' is not defined"),
        # This one is still run in a fork, which must not lend what it has loaded.
        ("import torch", "import torch as t", "NameError: name 'torch' is not defined"),
        (
            "import torch",
            "import os, signal, torch; os.kill(os.getpid(), signal.SIGALRM)",
            "exit code -14",
        ),
        ("print(", "print(1, ", "and the page shows"),
    ],
)
def test_a_snippet_that_lies_or_fails_is_caught(open_page, pasted, code, fault, said):
    blocks = copy_blocks(open_page("setup.html"))
    block = next(block for block in blocks if block["language"] in PROGRAMS)
    assert not [*find_lies(block, pasted)]
    block["copied"] = block["copied"].replace(code, fault, 1)
    assert said in "".join(find_lies(block, pasted))


def test_set_up_works_in_a_shell(open_page, reader, tmp_path):
    """Its other commands: pip's made the reader's Python, and nox is tried with the notebooks."""
    blocks = [b for b in copy_blocks(open_page("setup.html")) if b["language"] == "shell"]
    commands = [block["copied"] for block in blocks]
    known = ("python3 -m venv", "conda create", "uv venv", "-m jupyterlab", "-m nox -s lab")
    assert len(commands) == len(known)
    for command, begins in zip(commands, known, strict=True):
        assert begins in command
    for tool, command in (("conda", commands[1]), ("uv", commands[2])):
        # Without the pin, PyTorch for graphics cards would come, gigabytes of it.
        if shutil.which(tool):
            done = subprocess.run(
                ["bash", "-ce", command], cwd=tmp_path, env=reader.pinned, capture_output=True
            )
            assert done.returncode == 0, f"{tool}: {done.stderr.decode()}"


def test_the_readmes_two_commands_differ_in_their_last_word():
    """So the build command is tried wherever the test command is: `docs` is one of its sessions."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = [line for line in readme.splitlines() if line.startswith("python3 -m venv")]
    assert commands[0] == f"{commands[1]} -s docs"
    listed = subprocess.run(
        [sys.executable, "-m", "nox", "-l"], cwd=ROOT, capture_output=True, text=True
    ).stdout
    assert "* docs" in listed
