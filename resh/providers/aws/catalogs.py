"""Every catalog of AWS. A new module is one more name here."""

from __future__ import annotations

from resh.providers.catalog import Catalog


def catalog() -> Catalog:
    """The modules are imported only when someone asks for the kinds."""
    from resh.providers.aws import account, autoscaling, cloudwatch, ec2, ec2_network, elb, elbv2, iam, lambda_, rds, s3

    modules = (ec2, ec2_network, elb, elbv2, autoscaling, s3, iam, rds, lambda_, cloudwatch)
    return Catalog(account.ACCOUNT, account.REGION, tuple(resource for module in modules for resource in module.RESOURCES))
