"""The example cloud's process: a moto server, filled with the example account, that lives as long as its standard input stays open.

Started by `cloud.py` as `python -m resh.demo.server REGION …`. It writes one line when everything stands, `ready PORT`; it ends at the
end of its standard input, which comes also when the parent is killed.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Sequence

FAMILIES = ("c5", "m5", "r5", "t2", "t3")


def main(regions: Sequence[str]) -> int:
    os.environ["MOTO_EC2_LOAD_DEFAULT_AMIS"] = "false"
    threading.Thread(target=_end_with_parent, daemon=True).start()

    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import make_server

    from resh.demo.account import age, fill

    _keep_few_instance_types()
    _look_once_for_services()
    server = make_server("127.0.0.1", 0, DomainDispatcherApplication(create_backend_app), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    fill(f"http://127.0.0.1:{server.server_port}", regions)
    age(regions)
    sys.stdout.write(f"ready {server.server_port}\n")
    sys.stdout.flush()
    threading.Event().wait()
    return 0


def _keep_few_instance_types() -> None:
    """The mock cloud offers 800 in each region, and takes seconds to say so; an example needs a few families."""
    from moto.ec2.models.instance_types import InstanceTypeBackend

    offered = InstanceTypeBackend.instance_types
    offered[:] = [kind for kind in offered if kind["InstanceType"].split(".")[0] in FAMILIES]


def _look_once_for_services() -> None:
    """The mock cloud goes through its folders at each request, and through those of botocore for each service: most of a first collect."""
    from moto import backends
    from moto.core import utils

    loader, modules = utils.create_loader(), frozenset(backends.list_of_moto_modules())  # type: ignore[attr-defined]
    utils.create_loader = lambda *args: loader  # type: ignore[attr-defined]
    backends.list_of_moto_modules = lambda: modules


def _end_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    import logging

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    sys.exit(main(sys.argv[1:]))
