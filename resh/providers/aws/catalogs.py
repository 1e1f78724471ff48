"""Every catalog of AWS. A new module is one more name here."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from resh.providers.catalog import Catalog
from resh.settings import Settings

MODULES = (
    "ec2",
    "ec2_network",
    "ec2_transit",
    "ec2_vpn",
    "directconnect",
    "globalaccelerator",
    "elb",
    "elbv2",
    "autoscaling",
    "s3",
    "iam",
    "rds",
    "lambda_",
    "cloudwatch",
    "sqs",
    "sns",
    "kms",
    "dynamodb",
    "ecs",
    "ecs_definition",
    "eks",
    "ecr",
    "logs",
    "efs",
    "fsx",
    "kinesis",
    "secretsmanager",
    "route53",
    "acm",
    "acmpca",
    "cloudtrail",
    "config",
    "cloudformation",
    "rds_cluster",
    "elasticache",
    "redshift",
    "athena",
    "cognito",
    "ec2_capacity",
    "iam_account",
    "cloudfront",
    "cloudfront_policy",
    "apigateway",
    "elasticbeanstalk",
    "glacier",
    "opensearch",
    "organizations",
    "service_quotas",
    "ssm",
    "wafv2",
    "networkfirewall",
    "guardduty",
    "securityhub",
    "inspector2",
    "macie2",
    "mq",
    "transfer",
    "emr",
    "servicediscovery",
    "sesv2",
    "workspaces",
    "apprunner",
    "amplify",
    "datasync",
    "sagemaker",
    "sagemaker_studio",
    "sagemaker_job",
    "events",
    "pipes",
    "scheduler",
    "stepfunctions",
    "backup",
    "kafka",
    "rds_shared",
    "docdb",
    "neptune",
    "opensearchserverless",
    "batch",
    "appsync",
    "codebuild",
    "codecommit",
    "codedeploy",
    "codepipeline",
    "lightsail",
    "lightsail_web",
)


def chosen(settings: Settings) -> tuple[bool, bool]:
    """What of it the settings ask for: `catalog(*chosen(settings))`."""
    return settings.flag("aws.derived_kinds"), settings.text("aws.prices.source") == "api"


@cache
def catalog(derived: bool = False, priced: bool = False) -> Catalog:
    """The modules are imported only when someone asks for the kinds; `derived` ones come on top, and price lists that are read."""
    from resh.providers.aws.account import ACCOUNT, REGION

    modules = [import_module(f"resh.providers.aws.{name}") for name in MODULES]
    resources = tuple(resource for module in modules for resource in module.RESOURCES)
    bases = tuple(kind for module in modules for kind in getattr(module, "BASES", ()))
    if derived:
        from resh.providers.aws import derived as long_tail

        resources, bases = (*resources, *long_tail.resources((ACCOUNT, REGION, *resources))), (*bases, long_tail.BASE)
    if priced:
        from resh.providers.aws.pricing import PRICES

        resources = (*resources, *PRICES)
    return Catalog(ACCOUNT, REGION, resources, bases)
