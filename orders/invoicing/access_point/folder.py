"""A folder from which another program takes EHF documents to its access point."""

import os
from pathlib import Path


class Folder:
    """Implements `Sender` with files; a document is there whole or not at all."""

    def __init__(self, folder: str) -> None:
        self._folder = Path(folder)

    def send(self, *, number: str, receiver: str, xml: bytes) -> str | None:
        self._folder.mkdir(parents=True, exist_ok=True)
        name = f"{number}-0192-{receiver}.xml"
        half = self._folder / f".{name}.{os.getpid()}"
        half.write_bytes(xml)
        half.replace(self._folder / name)
        return name
