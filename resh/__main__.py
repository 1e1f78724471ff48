"""`python -m resh` is `resh`."""

from __future__ import annotations

import sys

from resh.cli import main

sys.exit(main())
