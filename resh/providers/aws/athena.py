"""Athena work groups and data catalogs. The catalog of `aws/provider.py`; see `providers/catalog.py` for how to read it.

What is not there is one of many invalid requests, so that a single one is looked for in the listing.
"""

from __future__ import annotations

from resh.providers.aws.kms import encrypted_by
from resh.providers.catalog import Action, Call, Day, Detail, Link, Resource

TAGS = Detail(Call("athena", "list_tags_for_resource", "Tags", {"ResourceARN": "{arn}"}), into="Tags")
TAG = Action("tag_resource", {"ResourceARN": "{arn}", "Tags": [{"Key": "{key}", "Value": "{value}"}]})
UNTAG = Action("untag_resource", {"ResourceARN": "{arn}", "TagKeys": ["{key}"]})

_RESULTS = "Configuration.ResultConfiguration"

WORK_GROUP = Resource(
    kind="aws_athena_work_group",
    description="People who query together: settings, limits and history of their queries, which go with it.",
    call=Call("athena", "list_work_groups", "WorkGroups[].{Name: Name}"),
    id="Name",
    console="athena/home?region={region}#/workgroups/details/{name}",
    name="Name",
    arn="arn:{partition}:athena:{region}:{account}:workgroup/{name}",
    prefix="workgroup",
    # To the day: what imitates AWS (moto) says that it was made just now, at every look.
    fields={"description": "Description", "ctime": Day("CreationTime")},
    details=(Detail(Call("athena", "get_work_group", "WorkGroup", {"WorkGroup": "{name}"}), into=""), TAGS),
    edges=(
        encrypted_by(f"{_RESULTS}.EncryptionConfiguration.KmsKey"),
        Link("aws_s3_bucket", f"split({_RESULTS}.OutputLocation, '/')[2]", by="name", child=True),
        Link("aws_iam_role", "Configuration.ExecutionRole", by="arn", delete=True),
    ),
    read={},
    fixed={"name == 'primary'": "every account has it"},
    delete=Action("delete_work_group", {"WorkGroup": "{name}", "RecursiveDeleteOption": True}),
    tag=TAG,
    untag=UNTAG,
)

DATA_CATALOG = Resource(
    kind="aws_athena_data_catalog",
    description="Where Athena looks for tables, beside AWS's own catalog.",
    call=Call("athena", "list_data_catalogs", "DataCatalogsSummary[].{Name: CatalogName}"),
    id="Name",
    name="Name",
    arn="arn:{partition}:athena:{region}:{account}:datacatalog/{name}",
    prefix="datacatalog",
    fields={"description": "Description"},
    keep="Name != 'AwsDataCatalog'",
    details=(Detail(Call("athena", "get_data_catalog", "DataCatalog", {"Name": "{name}"}), into=""), TAGS),
    edges=(
        Link(
            "aws_lambda_function",
            'Parameters.[function, "metadata-function", "record-function"]',
            by="arn",
            child=True,
        ),
    ),
    read={},
    delete=Action("delete_data_catalog", {"Name": "{name}"}),
    tag=TAG,
    untag=UNTAG,
)

RESOURCES = (WORK_GROUP, DATA_CATALOG)
