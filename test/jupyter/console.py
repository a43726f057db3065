"""Sits down at `jupyter console` with the installed gradlab kernel and types, as a person would.

Ends with status 0 if every answer came on the screen, or shows the screen and fails.
"""

import os
import sys

import pexpect

console = pexpect.spawn(
    sys.executable,
    ["-m", "jupyter_console", "--kernel", "gradlab"],
    encoding="utf8",
    timeout=30,
    dimensions=(40, 120),
    env={**os.environ, "PROMPT_TOOLKIT_NO_CPR": "1", "TERM": "xterm"},
)
screen = open(sys.argv[1], "w")
console.logfile_read = screen

COLOR = r"(?:\x1b\[[0-9;?]*[a-zA-Z])*"


def prompt(number):
    console.expect(rf"In {COLOR}\[{COLOR}{number}{COLOR}\]: ")



def line(text):
    console.send(text + "\r")


console.expect("gradlab .* TypeScript 5.0.4 on Node.js")
prompt(1)
line("const answer: number = 6 * 7; answer")
console.expect(rf"Out{COLOR}\[{COLOR}1{COLOR}\]: {COLOR}42")
prompt(2)
line("throw new RangeError('oh ' + 'no')")
console.expect(r"RangeError: oh no\r\n    at Cell \[2\], line 1")
prompt(3)
line("const wrong: number = 'text'")
console.expect(r"Cell \[3\], line 1: Type 'string' is not assignable to type 'number'")
prompt(4)
line("console.log('printed', answer + 1)")
console.expect("printed 43")
prompt(5)
console.send("Math.cbr")
console.expect("cbr")
console.send("\t")
console.expect(r"\[0mt")  # the letter that was missing
line("(27) + 100")
console.expect(rf"Out{COLOR}\[{COLOR}5{COLOR}\]: {COLOR}103")
prompt(6)
line("for (;;) {")  # incomplete: the console asks for more
console.expect(r"\.\.\.")
line("console.log('in', 'a loop'); break; }")
console.expect("in a loop")
prompt(7)
console.sendeof()
console.expect("Do you really want to exit")
line("y")
console.expect(pexpect.EOF)
console.close()
sys.exit(console.exitstatus)
