"""All clean-up rules. A new rule is one file and one line here, with its settings in `resh/settings.py`."""

from __future__ import annotations

from resh.cleanup.rules.base import Rule
from resh.cleanup.rules.expired import Expired
from resh.cleanup.rules.volumes import Volumes

RULES: tuple[Rule, ...] = (Expired(), Volumes())
