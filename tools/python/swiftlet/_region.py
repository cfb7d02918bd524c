"""How the command is told of a region."""
from __future__ import annotations

import contextlib
import os
import pathlib
import tempfile
from typing import Iterator, Union

from swiftlet._airspace import Airspace
from swiftlet._request import PathLike

#: A region.toml, or an airspace: its own copy of the sources, and the live zones of its version.
Region = Union[Airspace, PathLike]


@contextlib.contextmanager
def region_words(region: Region) -> Iterator[list[str]]:
    """``--region`` and ``--zones``; the files that they name are there meanwhile."""
    if not isinstance(region, Airspace):
        yield ["--region", os.fspath(region)]
        return
    words = ["--region", os.fspath(region.path / "sources" / "region.toml")]
    if region.zones is None:
        yield words
        return
    with tempfile.TemporaryDirectory(prefix="swiftlet-") as folder:
        zones = pathlib.Path(folder) / "zones.json"
        zones.write_text(region.zones, encoding="utf-8")
        yield [*words, "--zones", str(zones)]
