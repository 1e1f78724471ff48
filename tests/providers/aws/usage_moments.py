"""The moment at which the tests ask CloudWatch, and days before it as resh writes them."""

from __future__ import annotations

from resh.clock import iso
from resh.providers.aws.metric import PERIOD

NOW = 1_800_000_123.0
END = NOW // PERIOD * PERIOD - PERIOD
"""Of the last period that counts."""
MIDNIGHT = NOW // 86400 * 86400


def day(ago: float) -> str:
    return iso(MIDNIGHT - ago * 86400)
