"""All workflows by name: the built-in ones, and those that people wrote, as they are kept now.

definitions = Definitions(tables.workflows, settings, actions)
definitions["nightly"].steps
definitions.broken                  # {"old": "there is no built-in step …"}: kept by another version, and not understood
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING

from resh.errors import UsageError
from resh.workflows.builtin import BUILT_IN
from resh.workflows.definition import Author, Workflow

if TYPE_CHECKING:
    from resh.settings import Settings
    from resh.state.workflows import StoredWorkflows, Written


class Definitions(Mapping[str, Workflow]):
    def __init__(self, stored: StoredWorkflows, settings: Settings, actions: Collection[str]) -> None:
        self._stored, self._settings, self._actions = stored, settings, actions
        self._read: tuple[object, dict[str, Workflow]] = (None, {})
        self.broken: dict[str, str] = {}

    def __getitem__(self, name: str) -> Workflow:
        return self._all()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def stamp(self) -> object:
        """Another one after each change."""
        return self._stored.stamp(), self._settings.generation

    def _all(self) -> dict[str, Workflow]:
        stored = self._stored.all()
        seen = (stored, [self._schedule(name) for name in BUILT_IN])
        if self._read[0] is None or self._read[0] != seen:
            found = {name: self._built_in(workflow, stored.get(name)) for name, workflow in BUILT_IN.items()}
            self.broken = {}
            for name, written in stored.items():
                if name not in BUILT_IN:
                    self._add(found, written)
            self._read = (seen, found)
        return self._read[1]

    def _add(self, found: dict[str, Workflow], written: Written) -> None:
        from resh.workflows.written import read

        try:
            workflow = read(written.name, written.text, self._actions)
        except UsageError as error:
            self.broken[written.name] = error.message
            return
        author = Author(written.user, written.role, written.local, written.env)
        found[written.name] = workflow.changed(author=author, enabled=written.enabled)

    def _built_in(self, workflow: Workflow, written: Written | None) -> Workflow:
        return workflow.changed(schedule=self._schedule(workflow.name), enabled=written is None or written.enabled)

    def _schedule(self, name: str) -> str:
        return self._settings.text(f"workflows.{name}.schedule")
