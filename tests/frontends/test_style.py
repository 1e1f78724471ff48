from __future__ import annotations

import re

import pytest
from prompt_toolkit.styles import default_ui_style, merge_styles

from resh.frontends.interactive.style import style

SHOWN = ("completion-menu", "completion-menu.completion.current", "completion-menu.meta.completion", "auto-suggestion", "bottom-toolbar")
TOKENS = ("keyword", "operator", "name.class", "name.decorator", "name.constant", "literal.string", "literal.number", "comment", "error")


def colours(theme: str) -> list[str]:
    found = merge_styles([default_ui_style(), style(theme)])
    names = (*(f"class:{name}" for name in SHOWN), *(f"class:pygments.{name}" for name in TOKENS))
    attributes = [found.get_attrs_for_style_str(name) for name in names]
    return [colour for one in attributes for colour in (one.color, one.bgcolor) if colour]


def test_the_default_uses_the_terminals_own_sixteen() -> None:
    assert colours("ansi")
    assert not [colour for colour in colours("ansi") if re.fullmatch("[0-9a-f]{6}", colour)]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_others_choose_for_their_background(theme: str) -> None:
    assert colours(theme)
    assert colours(theme) != colours("ansi")
