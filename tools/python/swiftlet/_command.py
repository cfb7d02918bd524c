"""The ``swiftlet`` command, which reads sources that nobody has checked, in a confined process of its own."""
from __future__ import annotations

import json
import os
import pathlib
import shutil
import subprocess

from swiftlet import _core
from swiftlet._errors import SwiftletError, error_of


def command() -> str:
    """Where it is: as the environment variable SWIFTLET_COMMAND says, else this build's own, else on the PATH."""
    told = os.environ.get("SWIFTLET_COMMAND")
    here = pathlib.Path(__file__).parent
    places = [told] if told else [*(str(here / place) for place in _core.COMMAND_PLACES), shutil.which("swiftlet") or ""]
    for place in places:
        if os.access(place, os.X_OK) and pathlib.Path(place).is_file():
            return place
    raise SwiftletError("file_not_found", "the swiftlet command is needed to read source files", where=places[0],
                        hint="build the target swiftlet, or let SWIFTLET_COMMAND name it")


def run(*arguments: str, given: str | None = None, answers: tuple[int, ...] = (0,)) -> str:
    """Its standard output. Raises its error, unless it ended with one of `answers`. Ctrl-C ends it."""
    done = subprocess.run([command(), "--json", *arguments], input=None if given is None else given.encode(),
                          capture_output=True, check=False)
    answer = done.stdout.decode(errors="replace")
    if done.returncode in answers:
        return answer
    try:
        raise error_of(json.loads(answer))
    except (ValueError, KeyError, TypeError):
        raise SwiftletError("internal", f"swiftlet {arguments[0]} ended with {done.returncode}: "
                                        f"{done.stderr.decode(errors='replace').strip()[-500:]}") from None
