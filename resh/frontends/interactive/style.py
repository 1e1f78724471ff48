"""The colours of the prompt: the terminal's own sixteen, so that they fit a dark and a light background."""

from __future__ import annotations

from typing import ClassVar

from pygments.style import Style
from pygments.token import Token


class ReshStyle(Style):  # type: ignore[misc]
    styles: ClassVar = {
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
    }
