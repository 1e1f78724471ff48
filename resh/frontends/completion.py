"""Completion scripts of `resh` for bash, zsh and fish, made from its own argument parser.

resh completion bash > ~/.local/share/bash-completion/completions/resh
"""

from __future__ import annotations

from argparse import Action, ArgumentParser, _SubParsersAction
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Word:
    """`value`: none, any, one (of the choices) or file. `under` names the sub-command that it belongs to, "" for resh itself."""

    names: tuple[str, ...]
    help: str
    value: str = "none"
    under: str = ""
    choices: tuple[str, ...] = ()


def script(shell: str, parser: ArgumentParser) -> str:
    words = list(_words(parser, ""))
    return {"bash": _bash, "zsh": _zsh, "fish": _fish}[shell](words)


def _words(parser: ArgumentParser, under: str) -> Iterator[Word]:
    for action in parser._actions:
        if isinstance(action, _SubParsersAction):
            helps = {choice.dest: choice.help or "" for choice in action._choices_actions}
            for name, sub in action.choices.items():
                yield Word((name,), helps.get(name, ""), "command", under)
                yield from _words(sub, name)
        elif action.option_strings:
            yield Word(tuple(action.option_strings), action.help or "", _value(action), under, tuple(map(str, action.choices or ())))
        else:
            for choice in action.choices or ():
                yield Word((str(choice),), "", "command", under)


def _value(action: Action) -> str:
    if action.nargs == 0:
        return "none"
    if action.choices:
        return "one"
    return "file" if action.metavar in ("FILE", "FOLDER") else "any"


def _bash(words: list[Word]) -> str:
    def names(under: str) -> str:
        return " ".join(name for word in words if word.under == under for name in word.names)

    subs = [word.names[0] for word in words if word.value == "command" and not word.under]
    cases = "\n".join(f'        {sub}) words="{names(sub)}" ;;' for sub in subs)
    files = "|".join(name for word in words if word.value == "file" for name in word.names)
    chosen = "\n".join(
        f'        {"|".join(word.names)}) COMPREPLY=($(compgen -W "{" ".join(word.choices)}" -- "$current")); return ;;'
        for word in words
        if word.value == "one"
    )
    taken = "|".join(name for word in words if word.value == "any" for name in word.names)
    return f"""# bash completion of resh; made by: resh completion bash
_resh() {{
    local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD-1]}} word command="" words IFS=$' \\n'
    case $previous in
        {files}) compopt -o filenames 2>/dev/null; IFS=$'\\n'; COMPREPLY=($(compgen -f -- "$current")); return ;;
{chosen}
        {taken}) return ;;
    esac
    for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
        case $word in {"|".join(subs)}) command=$word; break ;; esac
    done
    case $command in
{cases}
        *) words="{names("")}" ;;
    esac
    COMPREPLY=($(compgen -W "$words" -- "$current"))
}}
complete -F _resh resh
"""


def _zsh(words: list[Word]) -> str:
    subs = [word for word in words if word.value == "command" and not word.under]
    commands = "\n".join(f"        {_quote(f'{word.names[0]}:{word.help}')}" for word in subs)
    cases = "\n".join(
        f"            {sub.names[0]}) _arguments {_zsh_options(words, sub.names[0])}{_zsh_choices(words, sub.names[0])} ;;" for sub in subs
    )
    return f"""#compdef resh
# zsh completion of resh; made by: resh completion zsh
_resh() {{
    local -a commands=(
{commands}
    )
    _arguments -C {_zsh_options(words, "")} '1: :->command' '*:: :->rest'
    case $state in
        command) _describe command commands ;;
        rest)
            case $words[1] in
{cases}
            esac ;;
    esac
}}
if [ "$funcstack[1]" = "_resh" ]; then _resh "$@"; else compdef _resh resh; fi
"""


def _zsh_options(words: list[Word], under: str) -> str:
    values = {"none": "", "any": ": :", "file": ":file:_files"}

    def value(word: Word) -> str:
        return values.get(word.value) or (f":value:({' '.join(word.choices)})" if word.choices else "")

    return " ".join(
        _quote(f"*{name}[{word.help.replace('[', '(').replace(']', ')')}]{value(word)}")
        for word in words
        if word.under == under and word.value != "command"
        for name in word.names
    )


def _zsh_choices(words: list[Word], under: str) -> str:
    choices = " ".join(word.names[0] for word in words if word.under == under and word.value == "command")
    return f" {_quote(f'1: :({choices})')}" if choices else ""


def _fish(words: list[Word]) -> str:
    lines = ["# fish completion of resh; made by: resh completion fish", "complete -c resh -f"]
    for word in words:
        where = f"__fish_seen_subcommand_from {word.under}" if word.under else "__fish_use_subcommand"
        text = f" -d {_quote(word.help)}" if word.help else ""
        if word.value == "command":
            lines.append(f"complete -c resh -n {_quote(where)} -a {word.names[0]}{text}")
            continue
        flags = " ".join(f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}" for name in word.names)
        value = {"none": "", "any": " -x", "file": " -r -F"}.get(word.value) or (
            f" -x -a {_quote(' '.join(word.choices))}" if word.choices else ""
        )
        lines.append(f"complete -c resh -n {_quote(where)} {flags}{value}{text}")
    return "\n".join(lines) + "\n"


def _quote(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"
