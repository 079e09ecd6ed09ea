"""Typesets one paper and ends: a JSON object on standard input, on standard output the number of pages in
a line of its own and the PDF. ``python -m server.papers.typesetter``, started by ``press``.

A process of its own, so that whatever somebody typed can neither hold up a call nor take the server's memory:
it gets the lowest priority and a bound for memory and processor time. What people typed comes as data, which
the templates show as text; it is never read as markup.
"""

import json
import os
import resource
import sys
from pathlib import Path

import typst

TEMPLATES = Path(__file__).parent / "templates"


def main() -> int:
    asked = json.load(sys.stdin.buffer)
    memory, seconds = asked["memory_bytes"], asked["time_s"]
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    os.nice(19)
    compiler = typst.Compiler(
        TEMPLATES / asked["template"],
        root=TEMPLATES,
        ignore_system_fonts=True,
        sys_inputs={"paper": json.dumps(asked["paper"]), "imprint": json.dumps(asked["imprint"])},
    )
    try:
        pdf = compiler.compile(timestamp=asked["at_s"])
        pages = compiler.query("<pages>", field="value", one=True)
    except typst.TypstError as error:
        sys.stderr.write(f"{error.message}\n{error.diagnostic}")
        return 1
    assert isinstance(pdf, bytes)
    sys.stdout.buffer.write(b"%d\n" % int(pages))
    sys.stdout.buffer.write(pdf)
    return 0


if __name__ == "__main__":
    sys.exit(main())
