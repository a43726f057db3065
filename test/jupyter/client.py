"""Runs cells with the installed gradlab kernel through nbclient, as tools that execute notebooks do."""

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

SOURCES = ["const x = 1; x", "throw new RangeError('no')", "x + 1", "const s: string = x;", "while (true) {}", "x + 2"]


def notebook(sources):
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    return nbformat.v4.new_notebook(cells=cells)


def texts(cell):
    return [output.get("data", {}).get("text/plain") or output.get("evalue") for output in cell.outputs]


# A cell out of time is interrupted, and is an error like others.
executed = notebook(SOURCES)
options = dict(kernel_name="gradlab", timeout=15, interrupt_on_timeout=True)
NotebookClient(executed, allow_errors=True, **options).execute()
shown = [texts(cell) for cell in executed.cells]
assert shown[0] == ["1"] and shown[1] == ["no"] and shown[2] == ["2"], shown
assert shown[3] == ["1:7 - Type 'number' is not assignable to type 'string'."], shown
assert executed.cells[4].outputs[0]["ename"] == "KeyboardInterrupt", executed.cells[4].outputs
assert shown[5] == ["3"], shown
assert [cell.execution_count for cell in executed.cells] == [1, 2, 3, 4, 5, 6]

stopped = notebook(SOURCES[:3])
try:
    NotebookClient(stopped, **options).execute()
except CellExecutionError as error:
    assert error.ename == "RangeError" and error.evalue == "no", error
else:
    raise AssertionError("the error was passed over")
assert stopped.cells[1].outputs[0]["output_type"] == "error" and not stopped.cells[2].outputs
nbformat.validate(executed)
