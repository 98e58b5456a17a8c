"""Does every snippet of every page run as pasted, alone, and print what the page shows?

The real button copies it, and a fresh Python runs it that has what Set up tells to install.
"""

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from conftest import ROOT, wait_until

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
        tab.evaluate("navigator.clipboard.writeText('nothing was copied')")
        button.hover()
        button.click()
        wait_until(tab, "navigator.clipboard.readText().then((t) => t != 'nothing was copied')")
        yield button.evaluate(BLOCKS) | {"copied": tab.evaluate("navigator.clipboard.readText()")}


def run(block, reader, folder):
    """Yield what is wrong with a program or a session, pasted into the `reader`'s Python."""
    path = folder / f"snippet-{abs(hash(block['copied']))}.py"
    path.write_text(block["copied"], encoding="utf-8")
    python = reader.python(with_linreg="linreg" in block["copied"])
    session = block["session"]
    done = subprocess.run(
        [python, "-i", "-q"] if session else [python, path],
        input=f"{block['copied']}\n" if session else None,
        cwd=folder,
        env=os.environ | {"MPLBACKEND": "agg", "PYTHONPATH": "", "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=240,
    )
    first = block["copied"].strip().splitlines()[:3]
    if done.returncode or "Traceback" in done.stderr:
        yield f"a snippet fails that begins {first}:\n{done.stderr[-1500:]}"
    promised = _shown(block["text"]) if session else block["printed"]
    if done.stdout.strip() != promised.strip():
        yield (
            f"a snippet that begins {first} prints\n{done.stdout}\nand the page shows\n{promised}"
        )


def _shown(session):
    return "\n".join(line for line in session.splitlines() if not line.startswith(">>>"))


def test_each_snippet_runs_as_pasted(open_page, page, reader, tmp_path):
    blocks = [*copy_blocks(open_page(page))]
    programs = [block for block in blocks if block["language"] in PROGRAMS or block["session"]]
    with ThreadPoolExecutor(2) as pool:
        ran = pool.map(lambda block: [*run(block, reader, tmp_path)], programs)
    print(f"{page}: {len(programs)} programs of {len(blocks)} blocks")
    problems = [problem for problems in ran for problem in problems]
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize(
    ("code", "fault", "said"),
    [
        ("import torch", "", "NameError: name 'torch' is not defined"),
        ("print(", "print(1, ", "and the page shows"),
    ],
)
def test_a_snippet_that_lies_or_fails_is_caught(open_page, reader, tmp_path, code, fault, said):
    blocks = copy_blocks(open_page("setup.html"))
    block = next(block for block in blocks if block["language"] in PROGRAMS)
    assert not [*run(block, reader, tmp_path)]
    block["copied"] = block["copied"].replace(code, fault, 1)
    assert said in "".join(run(block, reader, tmp_path))


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
