"""The user's own editor, that of VISUAL or EDITOR.

edited("search is(volume)", ".resh")        the text as it was saved; None when nothing was
"""

from __future__ import annotations

from resh.errors import ReshError


def edited(text: str, extension: str) -> str | None:
    import click

    try:
        return click.edit(text, extension=extension, require_save=False)
    except click.ClickException as error:
        raise ReshError(f"the editor failed: {error.format_message()}", "name another one in VISUAL or EDITOR") from None
