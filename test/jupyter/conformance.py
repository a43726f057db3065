"""Jupyter's own tests of a kernel, for the installed gradlab kernel: none may be skipped for want of a sample."""

import unittest

import jupyter_kernel_test


class GradlabKernelTests(jupyter_kernel_test.KernelTests):
    kernel_name = "gradlab"
    language_name = "typescript"
    file_extension = ".ts"

    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('oops')"

    completion_samples = [
        {"text": "Number.isSafeI", "matches": ["isSafeInteger"]},
        {"text": "'text'.toUpper", "matches": ["toUpperCase"]},
        {"text": "import { readFileSy } from 'node:fs'; readFileSy"},
    ]
    complete_code_samples = ["1 + 1", "const f = (x: number) => x * 2;", "for (const x of [1]) {\n  x;\n}", ""]
    incomplete_code_samples = ["function f(", "if (true) {", "const text = `one", "/* half"]
    invalid_code_samples = ["const = 1", "1 +* 2", "let x = ;"]

    code_page_something = "parseInt?"
    code_generate_error = "throw new RangeError('too much')"

    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": "[1, 2].map((x) => x * 2)", "result": "[ 2, 4 ]"},
        {"code": "await Promise.resolve('later')", "result": "'later'"},
        {
            "code": "({ [Symbol.for('Jupyter.display')]: () => ({ 'text/html': '<b>bold</b>' }) })",
            "mime": "text/html",
            "result": "<b>bold</b>",
        },
    ]
    code_display_data = [
        {"code": "import { display } from 'gradlab'; await display(1)", "mime": "text/plain"},
        *(
            {
                "code": "import { display } from 'gradlab';\n"
                f"await display({{ [Symbol.for('Jupyter.display')]: () => ({{ '{mime}': {data} }}) }})",
                "mime": mime,
            }
            for mime, data in {
                "text/html": "'<i>1</i>'",
                "text/markdown": "'**1**'",
                "text/latex": "'$1$'",
                "image/svg+xml": "'<svg/>'",
                "image/png": "'iVBORw0KGgo='",
                "application/json": "{ a: [1, null] }",
            }.items()
        ),
        {"code": "import * as tslab from 'tslab'; tslab.display.html('<b>1</b>')", "mime": "text/html"},
    ]

    code_history_pattern = "6 ? 7"
    supported_history_operations = ("tail", "range", "search")

    code_inspect_sample = "parseInt"
    code_clear_output = "import { clearOutput } from 'gradlab'; clearOutput()"


if __name__ == "__main__":
    unittest.main(verbosity=2)
