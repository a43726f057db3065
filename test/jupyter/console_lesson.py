"""Runs a whole notebook in `jupyter console`: pastes each code cell and waits for the next prompt.

Arguments: a file for what was on the screen, the notebook. Ends with status 0 if no cell failed and every check passed.
"""

import json
import os
import re
import sys

import pexpect

with open(sys.argv[2]) as file:
    cells = [cell for cell in json.load(file)["cells"] if cell["cell_type"] == "code"]
sources = ["".join(cell["source"]) for cell in cells]

console = pexpect.spawn(
    sys.executable,
    ["-m", "jupyter_console", "--kernel", "gradlab"],
    encoding="utf8",
    timeout=60,
    dimensions=(60, 160),
    env={**os.environ, "PROMPT_TOOLKIT_NO_CPR": "1", "TERM": "xterm"},
    cwd=os.path.dirname(sys.argv[2]),
)
screen = open(sys.argv[1], "w")
console.logfile_read = screen

COLOR = r"(?:\x1b\[[0-9;?]*[a-zA-Z])*"
checks = 0


def prompt(number):
    console.expect(rf"In {COLOR}\[{COLOR}{number}{COLOR}\]: ")
    return console.before


prompt(1)
for number, source in enumerate(sources, start=1):
    # A bracketed paste arrives as one text; Alt-Enter runs it however many lines it has.
    console.send(f"\x1b[200~{source}\x1b[201~")
    console.send("\x1b\r")
    shown = prompt(number + 1)
    if re.search(r"at Cell \[|TypeScriptError", shown):
        sys.exit(f"cell {number} failed:\n{source}\n{shown}")
    if source.startswith("await check("):
        checks += 1
        if "✓" not in shown or "✗" in shown:
            sys.exit(f"a check failed: {source}\n{shown}")

if checks == 0:
    sys.exit("the notebook has no checks")
print(f"{len(sources)} cells, {checks} checks")
console.close(force=True)
