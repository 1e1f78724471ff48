"""Price lists of AWS: what the Pricing API knows of an hour of an instance type and of a GB of a volume type.

They are no resources: `ec2.py` says which kinds borrow from them, `prices.py` remembers them for all accounts. A collect reads them when
`aws.prices.source` is `api`; then they are kinds of the catalog like others, with scopes of their own and a place in policies.
What the filters mean: https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/using-price-list-query-api.html
"""

from __future__ import annotations

from resh.providers.catalog import Borrow, Call, Resource
from resh.providers.prices import COST

INSTANCE_PRICE, VOLUME_PRICE = "aws_ec2_instance_price", "aws_ec2_volume_price"


def priced(by: str, path: str) -> Borrow:
    """The kind takes its price from such a list, by the value at the path."""
    return Borrow(by, path, {COST: COST})


def _products(attribute: str, units: str, **filters: str) -> Call:
    """Products as {Sold, Cost}: each is JSON in a text; of its terms those on demand count, and the dimension of such a unit.

    A text that is no JSON stays as null, and is reported.
    """
    cost = f"values(terms.OnDemand || `{{}}`)[].values(priceDimensions || `{{}}`)[] | [?contains({units}, unit)].pricePerUnit.USD | [0]"
    chosen = {"regionCode": "{region}", **filters}
    return Call(
        "pricing",
        "get_products",
        f"map(&from_json(@), PriceList) | map(&{{Sold: product.attributes.{attribute}, Cost: {cost} | to_number(@)}}, @)",
        {
            "ServiceCode": "AmazonEC2",
            "Filters": [{"Type": "TERM_MATCH", "Field": field, "Value": value} for field, value in chosen.items()],
            "MaxResults": 100,
        },
    )


def _list_of(kind: str, sold: str, call: Call) -> Resource:
    return Resource(
        kind=kind,
        bases=("phantom_resource",),
        description=f"The price list of {sold} in a region; it has no resources, the types show its prices.",
        call=call,
        id="Sold",
        tags="",
        fields={COST: "Cost"},
        phantom=True,
        remembered=True,
        no_delete="prices belong to AWS",
    )


PRICES = (
    _list_of(
        INSTANCE_PRICE,
        "instance types",
        _products(
            "instanceType",
            "['Hrs']",
            operatingSystem="Linux",
            preInstalledSw="NA",
            tenancy="Shared",
            capacitystatus="Used",
            marketoption="OnDemand",
        ),
    ),
    _list_of(VOLUME_PRICE, "volume types", _products("volumeApiName", "['GB-Mo', 'GB-month']", productFamily="Storage")),
)
