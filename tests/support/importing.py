"""The import commands as somebody types them: what they answer, and what they refuse."""

from __future__ import annotations

import json
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command


@dataclass(frozen=True)
class CommandLine:
    """``script/manage NAME FILE --community … --json``; the content, where given, is written into the file first."""

    name: str
    community: str

    def __call__(self, path: Path, content: bytes | None = None, *more: str) -> dict[str, Any]:
        return self._told(path, content, more, refused=False)

    def refused(self, path: Path, content: bytes | None = None, *more: str) -> dict[str, Any]:
        return self._told(path, content, more, refused=True)

    def _told(self, path: Path, content: bytes | None, more: tuple[str, ...], refused: bool) -> dict[str, Any]:
        if content is not None:
            path.write_bytes(content)
        out = StringIO()
        typed = [self.name, str(path), "--community", self.community, "--json", *more]
        if refused:
            with pytest.raises(CommandError):
                call_command(*typed, stdout=out)
        else:
            call_command(*typed, stdout=out)
        told: dict[str, Any] = json.loads(out.getvalue())
        return told
