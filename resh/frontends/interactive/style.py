"""Colours of the prompt: by default the terminal's own sixteen, which fit whatever is behind them; or for a light or a dark background."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from prompt_toolkit.styles import Style, style_from_pygments_dict
from pygments.token import Token

_ANSI = {
    Token.Name.Builtin: "ansiblue bold",
    Token.Name.Function: "ansiblue",
    Token.Name.Class: "ansicyan",
    Token.Name.Attribute: "",
    Token.Keyword: "ansimagenta",
    Token.Operator: "ansiyellow",
    Token.Literal.String: "ansigreen",
    Token.Literal.Number: "ansigreen",
    Token.Comment: "ansibrightblack",
    Token.Error: "ansired underline",
    Token.Name.Decorator: "ansiblue",
    Token.Name.Constant: "ansicyan",
    Token.Name.Variable: "ansicyan",
    Token.Literal.String.Backtick: "ansicyan",
}


_LIGHT = {
    Token.Name.Builtin: "#0033aa bold",
    Token.Name.Function: "#0033aa",
    Token.Name.Class: "#00627a",
    Token.Name.Attribute: "#1f1f1f",
    Token.Keyword: "#871094",
    Token.Operator: "#8a5300",
    Token.Literal.String: "#067d17",
    Token.Literal.Number: "#067d17",
    Token.Comment: "#6b6b6b",
    Token.Error: "#c00000 underline",
    Token.Name.Decorator: "#0033aa",
    Token.Name.Constant: "#00627a",
    Token.Name.Variable: "#00627a",
    Token.Literal.String.Backtick: "#00627a",
}


_DARK = {
    Token.Name.Builtin: "#7aa2f7 bold",
    Token.Name.Function: "#7aa2f7",
    Token.Name.Class: "#7dcfff",
    Token.Name.Attribute: "#e0e0e0",
    Token.Keyword: "#d7a6ff",
    Token.Operator: "#e0af68",
    Token.Literal.String: "#9ece6a",
    Token.Literal.Number: "#9ece6a",
    Token.Comment: "#8b8fa3",
    Token.Error: "#ff6b6b underline",
    Token.Name.Decorator: "#7aa2f7",
    Token.Name.Constant: "#7dcfff",
    Token.Name.Variable: "#7dcfff",
    Token.Literal.String.Backtick: "#7dcfff",
}


_TOKENS: Mapping[str, dict[Any, str]] = {"ansi": _ANSI, "light": _LIGHT, "dark": _DARK}
_TOOLBARS: Mapping[str, tuple[str, str]] = {
    "ansi": ("ansibrightblack", "ansired"),
    "light": ("#5f5f5f", "#c00000"),
    "dark": ("#a0a4b8", "#ff6b6b"),
}
"""Of the line below the prompt, and of a mistake in it."""
_MENUS: Mapping[str, Mapping[str, str]] = {
    "ansi": {
        "completion-menu": "bg:ansiwhite fg:ansiblack",
        "completion-menu.completion.current": "noreverse bg:ansiblue fg:ansiwhite",
        "completion-menu.meta.completion": "bg:ansiwhite fg:ansibrightblack",
        "completion-menu.meta.completion.current": "bg:ansicyan fg:ansiblack",
        "scrollbar.background": "bg:ansibrightblack",
        "scrollbar.button": "bg:ansiblack",
        "auto-suggestion": "fg:ansibrightblack",
    },
    "light": {
        "completion-menu": "bg:#e4e4e4 fg:#1f1f1f",
        "completion-menu.completion.current": "noreverse bg:#0033aa fg:#ffffff",
        "completion-menu.meta.completion": "bg:#e4e4e4 fg:#5f5f5f",
        "completion-menu.meta.completion.current": "bg:#d0d8f0 fg:#1f1f1f",
        "auto-suggestion": "fg:#8a8a8a",
    },
    "dark": {
        "completion-menu": "bg:#2a2d3a fg:#e0e0e0",
        "completion-menu.completion.current": "noreverse bg:#7aa2f7 fg:#101010",
        "completion-menu.meta.completion": "bg:#2a2d3a fg:#a0a4b8",
        "completion-menu.meta.completion.current": "bg:#3a3f55 fg:#e0e0e0",
        "auto-suggestion": "fg:#6b7089",
    },
}


def style(theme: str) -> Style:
    """`none`: only what is bold, underlined or in reverse."""
    if theme not in _TOKENS:
        return Style.from_dict({"bottom-toolbar": "noreverse", "pygments.error": "underline"})
    toolbar, mistake = _TOOLBARS[theme]
    rules = {"bottom-toolbar": f"noreverse fg:{toolbar}", "mistake": f"fg:{mistake}", "completion-menu.meta": f"fg:{toolbar}"}
    ours = Style.from_dict({**rules, **_MENUS[theme]})
    return Style([*style_from_pygments_dict(_TOKENS[theme]).style_rules, *ours.style_rules])
