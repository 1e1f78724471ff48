"""The state folder: everything that one resh knows, in one place that only its owner may enter.

home = prepare(Path("~/.local/share/resh").expanduser())
"""

from __future__ import annotations

import os
from pathlib import Path

from resh.errors import StateError


def prepare(path: Path) -> Path:
    """The folder, made (0700) when it is not there. StateError when it cannot be used. A folder that exists keeps its permissions."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StateError(f"{path} cannot be made: {error.strerror}", "name another state folder in RESH_HOME") from None
    if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
        raise StateError(f"{path} is not writable", "name another state folder in RESH_HOME")
    return path
