"""Prices from the Pricing API: answers of its shape, what becomes of them, whom they are asked from."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.client import BaseClient

from resh.cancel import Cancel
from resh.providers.aws.catalogs import catalog
from resh.providers.aws.permissions import Permissions, policy
from resh.providers.aws.provider import AwsProvider
from resh.providers.collector import Options
from resh.settings import Settings
from tests.providers.aws.mock_account import Cloud, Found
from tests.providers.aws.scripted import Scripted, refused

COST = "ondemand_cost"


def product(attributes: dict[str, str], unit: str, cost: str, currency: str = "USD") -> str:
    """One entry of a PriceList, as the API gives it: a text."""
    sku = "2SX63SRBXZK94TSA"
    rate = f"{sku}.JRTCKXETXF.6YS6EN2CT7"
    dimension = {
        "unit": unit, "endRange": "Inf", "description": "per unit", "appliesTo": [], "rateCode": rate, "beginRange": "0",
        "pricePerUnit": {currency: cost},
    }  # fmt: skip
    term = {
        "priceDimensions": {rate: dimension}, "sku": sku, "effectiveDate": "2024-04-01T00:00:00Z", "offerTermCode": "JRTCKXETXF",
        "termAttributes": {},
    }  # fmt: skip
    reserved = {**term, "termAttributes": {"LeaseContractLength": "1yr", "PurchaseOption": "No Upfront"}}
    terms = {"OnDemand": {f"{sku}.JRTCKXETXF": term}, "Reserved": {f"{sku}.4NA7Y494T4": reserved}}
    return json.dumps(
        {"product": {"productFamily": "Any", "attributes": attributes, "sku": sku}, "serviceCode": "AmazonEC2", "terms": terms}
    )


def hourly(type: str, cost: str, currency: str = "USD") -> str:
    return product({"instanceType": type, "operatingSystem": "Linux", "regionCode": "eu-west-1"}, "Hrs", cost, currency)


@pytest.fixture
def api(cloud: Cloud) -> Any:
    """The account, with prices from the API; nothing is remembered from another test."""
    cloud.provider.__dict__.pop("_prices", None)
    cloud.set("aws.prices.source", "api")
    yield cloud
    cloud.set("aws.prices.source", "package")
    cloud.provider.__dict__.pop("_prices", None)


def costs(cloud: Cloud, kind: str, *more: str) -> dict[str, Any]:
    return {node.reported["id"]: node.reported.get(COST) for node in cloud.collect(kind, *more).all_nodes if node.kind == kind}


def test_instance_types_show_their_prices(api: Cloud, scripted: Scripted) -> None:
    scripted(
        "pricing", "get_products",
        {"PriceList": [hourly("t3.micro", "0.0114000000"), hourly("m5.large", "0.0000000000")], "NextToken": "more"},
        {"PriceList": [hourly("t3.nano", "0.0057000000"), hourly("t3.small", "0.1800000000", "CNY")]},
    )  # fmt: skip
    found = costs(api, "aws_ec2_instance_type", "aws_ec2_instance_price")
    assert (found["t3.micro"], found["t3.nano"]) == (0.0114, 0.0057)
    first, second = scripted.asked("pricing", "get_products")
    filters = {one["Field"]: one["Value"] for one in first["Filters"]}
    assert filters == {
        "regionCode": "eu-west-1", "operatingSystem": "Linux", "preInstalledSw": "NA", "tenancy": "Shared", "capacitystatus": "Used",
        "marketoption": "OnDemand",
    }  # fmt: skip
    assert (first["ServiceCode"], second["NextToken"]) == ("AmazonEC2", "more")


def test_volume_types_show_their_prices(api: Cloud, scripted: Scripted) -> None:
    gp3 = product({"volumeApiName": "gp3", "usagetype": "EU-EBS:VolumeUsage.gp3"}, "GB-Mo", "0.0880000000")
    scripted("pricing", "get_products", {"PriceList": [gp3]})
    found = costs(api, "aws_ec2_volume_type", "aws_ec2_volume", "aws_ec2_volume_price")
    assert found["gp3"] == 0.088
    assert {cost for type, cost in found.items() if type != "gp3"} <= {None}


def test_what_is_no_json_is_reported(api: Cloud, scripted: Scripted) -> None:
    scripted("pricing", "get_products", {"PriceList": [hourly("t3.micro", "0.0114000000"), "{half of it"]})
    found = api.collect("aws_ec2_instance_price")
    (report,) = (report for report in found.reports if report.scope.kind == "aws_ec2_instance_price")
    assert (report.status.value, report.code) == ("failed", "OddRecord")


def test_a_denied_call_is_a_denied_scope(api: Cloud, scripted: Scripted) -> None:
    scripted("pricing", "get_products", refused("AccessDeniedException", "not authorized to perform: pricing:GetProducts"))
    found = api.collect("aws_ec2_instance_price")
    (report,) = (report for report in found.reports if report.scope.kind == "aws_ec2_instance_price")
    assert (report.status.value, report.operation) == ("denied", "pricing:GetProducts")


@pytest.mark.parametrize(
    ("regions", "asked"), [("eu-west-1", "us-east-1"), ("eu-west-1,eu-central-1", "eu-central-1"), ("ap-south-1,us-east-1", "ap-south-1")]
)
def test_the_api_is_asked_where_it_answers(example: None, monkeypatch: pytest.MonkeyPatch, regions: str, asked: str) -> None:
    where: set[str] = set()
    real: Any = getattr(BaseClient, "_make_api_call")  # noqa: B009 - botocore's stubs do not have it

    def call(client: Any, name: str, params: dict[str, Any]) -> Any:
        if name != "GetProducts":
            return real(client, name, params)
        where.add(client.meta.region_name)
        return {"PriceList": []}

    monkeypatch.setattr(BaseClient, "_make_api_call", call)
    overrides = (f"aws.regions={regions}", "aws.collect=aws_ec2_*_price", "aws.prices.source=api")
    provider, found = AwsProvider(Settings.load(overrides=overrides)), Found()
    (account,) = provider.accounts()
    provider.collect(account, found, found, Cancel())
    assert where == {asked}
    assert provider.problems == ()
    lists = [report.scope.region for report in found.reports if report.scope.kind == "aws_ec2_volume_price"]
    assert sorted(lists) == sorted(regions.split(","))


def test_policies_name_the_call_only_when_it_is_made() -> None:
    assert "pricing:GetProducts" in str(policy(Collect=Permissions(catalog(priced=True), Options()).collect()))
    assert "pricing:" not in str(policy(Collect=Permissions(catalog(), Options()).collect()))
