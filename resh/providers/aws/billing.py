"""Which calls AWS bills by the request, and at what price: data, as AWS's price pages had it in November 2026, in us-east-1.

    bill("cloudwatch:GetMetricData")    Bill("metric", 0.00001, "https://aws.amazon.com/cloudwatch/pricing/")
    bill("iam:ListUsers")               Bill("", 0.0, …): free
    bill("ec2:DescribeVolumes")         None: no page says what it costs, or that it costs nothing

What is free for the first calls of a month is not taken off: nobody knows who else has used it up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from fnmatch import fnmatchcase
from functools import cache
from math import ceil
from typing import Any

from resh.providers.base import Bill

_CLOUDWATCH, _S3 = "https://aws.amazon.com/cloudwatch/pricing/", "https://aws.amazon.com/s3/pricing/"
_FREE = ("", 0.0)
_LIST, _GET, _METRICS_API = ("request", 0.005 / 1000), ("request", 0.0004 / 1000), ("request", 0.01 / 1000)

BILLS: Mapping[str, Bill] = {
    "ce:*": Bill("request", 0.01, "https://aws.amazon.com/aws-cost-management/aws-cost-explorer/pricing/"),
    "cloudwatch:GetMetricData": Bill("metric", 0.01 / 1000, _CLOUDWATCH),
    "cloudwatch:GetMetricStatistics": Bill(*_METRICS_API, _CLOUDWATCH),
    "cloudwatch:ListMetrics": Bill(*_METRICS_API, _CLOUDWATCH),
    "cloudwatch:GetDashboard": Bill(*_METRICS_API, _CLOUDWATCH),
    "cloudwatch:ListDashboards": Bill(*_METRICS_API, _CLOUDWATCH),
    "s3:Delete*": Bill(*_FREE, _S3),
    "s3:List*": Bill(*_LIST, _S3),
    "s3:Put*": Bill(*_LIST, _S3),
    "s3:Create*": Bill(*_LIST, _S3),
    "s3:*": Bill(*_GET, _S3),
    "kms:*": Bill("request", 0.03 / 10_000, "https://aws.amazon.com/kms/pricing/"),
    "secretsmanager:*": Bill("request", 0.05 / 10_000, "https://aws.amazon.com/secrets-manager/pricing/"),
    "sqs:*": Bill("request", 0.40 / 1_000_000, "https://aws.amazon.com/sqs/pricing/"),
    "sns:*": Bill("request", 0.50 / 1_000_000, "https://aws.amazon.com/sns/pricing/"),
    "pricing:*": Bill(*_FREE, "https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/price-changes.html"),
    "iam:*": Bill(*_FREE, "https://aws.amazon.com/iam/"),
    "sts:*": Bill(*_FREE, "https://aws.amazon.com/iam/"),
    "organizations:*": Bill(*_FREE, "https://aws.amazon.com/organizations/faqs/"),
}
"""By operations, as clouds write them; the first that fits counts."""

_STATISTICS = 5
"""So many of a metric, in one call of GetMetricData, are billed as one metric."""


@cache
def bill(operation: str) -> Bill | None:
    return next((found for pattern, found in BILLS.items() if fnmatchcase(operation, pattern)), None)


def units(operation: str, params: Mapping[str, Any]) -> int:
    """How often a call with these parameters is billed."""
    if operation != "cloudwatch:GetMetricData":
        return 1
    asked = Counter(repr(query.get("MetricStat", {}).get("Metric") or query) for query in params.get("MetricDataQueries") or ())
    return sum(ceil(count / _STATISTICS) for count in asked.values())
