"""The composition root: one state folder, and the parts that work on it, each made when first asked for. No logic of its own.

    with App(Path("~/.local/share/resh").expanduser(), environ=os.environ) as app:
        for document in app.documents("is(volume) and volume_status = available"):
            ...
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from resh.clock import Clock, SystemClock
from resh.errors import StateError

if TYPE_CHECKING:
    from resh.cancel import Cancel
    from resh.events.bus import EventBus
    from resh.events.log import EventLog
    from resh.graph.base import CompiledQuery, Document
    from resh.graph.kind_index import KindIndex
    from resh.graph.sqlite import SqliteStore
    from resh.metrics.timeseries import TimeSeries
    from resh.model.kinds import Kinds
    from resh.providers.base import Provider
    from resh.search.tree import Query
    from resh.settings import Settings
    from resh.state.tables import Tables
    from resh.workflows.runner import Runner
    from resh.workflows.scheduler import Scheduler
