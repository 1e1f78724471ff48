"""The budgets of the project, measured. `scripts/bench [--nodes 1000000] [--only startup,search] [--keep FOLDER]`

Every figure is a ratio to a reference that ran in turn with it, in this same run, on this machine. Exits 1 when one is over its budget.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import sys
import tempfile
from pathlib import Path

PARTS = (
    *("merge", "startup", "searches", "graph", "past", "streams", "readers", "keys", "completion", "collect", "estate"),
    *("ssh", "sessions", "events", "metrics", "cleanup"),
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--nodes", type=int, default=1_000_000, help="size of the graph (default: 1,000,000)")
    parser.add_argument("--only", default=",".join(PARTS), help=f"parts to run: {','.join(PARTS)}")
    parser.add_argument("--keep", metavar="FOLDER", help="keep the graph here and use it again")
    arguments = parser.parse_args()
    gc.set_threshold(20_000, 20, 20)  # as the program does
    parts = arguments.only.split(",")
    if unknown := [part for part in parts if part not in PARTS]:
        parser.error(f"no part {', '.join(unknown)}; there are {', '.join(PARTS)}")
    with tempfile.TemporaryDirectory(prefix="resh-bench-") as scratch:
        home = Path(arguments.keep or scratch) / f"world-{arguments.nodes}"
        from merge import build

        build(home, arguments.nodes)
        over = 0
        for part in parts:
            for figure in importlib.import_module(part).figures(home):
                print(figure, flush=True)
                over += not figure.kept
    print(f"{over} over budget" if over else "all within budget")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
