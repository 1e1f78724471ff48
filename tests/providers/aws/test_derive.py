"""Kinds derived from service models: the rules on a small model, what is kept against botocore's models, and a collect of some."""

from __future__ import annotations

from typing import Any

import botocore.session
import pytest
from botocore import xform_name
from botocore.model import ServiceModel

from resh.cancel import Cancel
from resh.providers.aws import derived
from resh.providers.aws.catalogs import catalog
from resh.providers.aws.derive import derive, kind_name, singular, write
from resh.providers.aws.derived import Derived
from resh.providers.aws.provider import AwsProvider
from resh.settings import Settings
from tests.providers.aws_world import World
from tests.providers.provider_fakes import Listener, Recorder

SESSION = botocore.session.Session()
EVERY = 9  # services whose model is read again: all of them take ten seconds
KEPT = derived.kinds()


def model(operations: dict[str, dict[str, Any]], **shapes: Any) -> ServiceModel:
    """`operations` by name: (members of the input, members of the output), each a shape by name."""
    found: dict[str, Any] = {
        "Text": {"type": "string"},
        "Time": {"type": "timestamp"},
        "Number": {"type": "integer"},
        "TagMap": {"type": "map", "key": {"shape": "Text"}, "value": {"shape": "Text"}},
        "Texts": {"type": "list", "member": {"shape": "Text"}},
    }
    for name, members in shapes.items():
        found[name] = {"type": "structure", "members": {member: {"shape": shape} for member, shape in members.items()}}
        found[f"{name}List"] = {"type": "list", "member": {"shape": name}}
    described: dict[str, Any] = {}
    for name, operation in operations.items():
        for end in ("in", "out"):
            members = {member: {"shape": shape} for member, shape in operation.get(end, {}).items()}
            found[f"{name}{end}"] = {
                "type": "structure",
                "members": members,
                "required": operation.get("required", []) if end == "in" else [],
            }
        described[name] = {"name": name, "http": {}, "input": {"shape": f"{name}in"}, "output": {"shape": f"{name}out"}}
        described[name] |= {"deprecated": True} if operation.get("deprecated") else {}
    return ServiceModel({"metadata": {"protocol": "json"}, "operations": described, "shapes": found}, "zoo-keeper")


ANIMAL = {
    "animalId": "Text", "name": "Text", "animalArn": "Text", "createdAt": "Time", "fedAt": "Time", "tags": "TagMap", "vpcId": "Text",
    "subnetIds": "Texts",
}  # fmt: skip
PAGES = {"animals": "AnimalList", "nextToken": "Text"}


def test_a_listing_becomes_a_kind() -> None:
    (found,) = derive(model({"ListAnimals": {"in": {"maxResults": "Number"}, "out": PAGES}}, Animal=ANIMAL), everywhere=True)
    links = (("aws_vpc", "vpcId", "id"), ("aws_ec2_subnet", "subnetIds", "id"))
    assert found == Derived(
        "aws_zookeeper_animal", "zoo-keeper", "list_animals", "animals", "animalId", "name", "createdAt", "animalArn", "tags", True, links
    )


@pytest.mark.parametrize(
    "operation",
    [
        {"ListAnimals": {"in": {"zooId": "Text"}, "required": ["zooId"], "out": PAGES}},
        {"ListAnimals": {"out": {**PAGES, "keepers": "AnimalList"}}},
        {"ListAnimals": {"out": {**PAGES, "zoo": "Animal"}}},
        {"ListAnimals": {"out": {"animals": "Texts"}}},
        {"ListAnimals": {"out": PAGES, "deprecated": True}},
        {"DeleteAnimals": {"out": PAGES}},
        {"ListAnimalTypes": {"out": PAGES}},
        {"DescribeAnimalEvents": {"out": PAGES}},
        {"ListTagsForAnimal": {"out": PAGES}},
    ],
    ids=["asks", "two lists", "more than a list", "texts", "deprecated", "no listing", "types", "events", "tags"],
)
def test_what_becomes_none(operation: dict[str, dict[str, Any]]) -> None:
    assert list(derive(model(operation, Animal=ANIMAL))) == []


@pytest.mark.parametrize("noun", ["EventSourceMappings", "DhcpOptions", "MetricStreams", "ScheduledActions"])
def test_what_people_make_though_its_name_has_such_a_word(noun: str) -> None:
    (found,) = derive(model({f"List{noun}": {"out": PAGES}}, Animal={"id": "Text", "startTime": "Time"}))
    assert (found.operation, found.id) == (xform_name(f"List{noun}"), "id")
    assert found.ctime == ("" if noun == "ScheduledActions" else "startTime")


@pytest.mark.parametrize(("service", "jobs"), [("glue", 1), ("batch", 0)])
def test_jobs_that_are_kept_are_no_runs(service: str, jobs: int) -> None:
    assert len(list(derive(SESSION.get_service_model(service)))) > 0
    assert [kind.name for kind in derive(SESSION.get_service_model(service))].count(f"aws_{service}_job") == jobs


def test_texts_are_things_where_their_list_says_what_they_are() -> None:
    (found,) = derive(model({"ListAnimals": {"out": {"animalNames": "Texts", "hasMoreAnimals": "Flag"}}}, Flag={}))
    assert (found.items, found.id, found.called) == ("animalNames[].{animalName: @}", "animalName", "animalName")


def test_a_listing_that_tells_more_than_names_is_the_one() -> None:
    listings = {"DescribeAnimals": {"out": PAGES}, "ListAnimals": {"out": {"animalNames": "Texts"}}}
    (found,) = derive(model(listings, Animal=ANIMAL))
    assert found.operation == "describe_animals"


def test_nobody_knows_what_has_no_name() -> None:
    assert list(derive(model({"ListAnimals": {"out": PAGES}}, Animal={"colour": "Text"}))) == []


def test_of_two_listings_the_one_that_tells_more() -> None:
    listings = {"ListAnimals": {"out": {"names": "NamedList"}}, "DescribeAnimals": {"out": PAGES}}
    (found,) = derive(model(listings, Animal=ANIMAL, Named={"name": "Text"}))
    assert found.operation == "describe_animals"


@pytest.mark.parametrize(
    ("noun", "found"),
    [
        ("Policies", "Policy"),
        ("Addresses", "Address"),
        ("Boxes", "Box"),
        ("Databases", "Database"),
        ("Analysis", "Analysis"),
        ("Buses", "Bus"),
    ],
)
def test_one_of_several(noun: str, found: str) -> None:
    assert singular(noun) == found


def test_names() -> None:
    assert kind_name("amp", "Workspace") == "aws_amp_workspace"
    assert kind_name("codestar-connections", "RepositoryLink") == "aws_codestarconnections_repository_link"
    assert kind_name("backup", "BackupVault") == "aws_backup_vault"


def test_what_is_written_is_what_is_read(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    write(iter(KEPT), tmp_path / "derived.json")
    assert (tmp_path / "derived.json").read_text() == derived.FILE.read_text()


@pytest.mark.parametrize("service", sorted({kind.service for kind in KEPT})[::EVERY])
def test_what_is_kept_is_in_the_api(service: str) -> None:
    """Of the botocore that is installed, whichever that is: what it lists must be there, by the same rules."""
    known = {found.name: found for found in derive(SESSION.get_service_model(service))}
    for kind in (kind for kind in KEPT if kind.service == service and kind.name in known):
        assert (kind.operation, kind.items, kind.id) == (known[kind.name].operation, known[kind.name].items, known[kind.name].id)


def test_a_catalog_covers_what_it_reads_and_what_is_called_so() -> None:
    written, whole = catalog(), catalog(derived=True)
    tail = [resource for resource in whole.resources if derived.BASE.name in resource.bases]
    assert len(tail) > 1000
    assert len({resource.kind for resource in whole.all}) == len(whole.all)
    assert whole.resources[: len(written.resources)] == written.resources
    kinds = {resource.kind for resource in tail}
    assert {"aws_ec2_fleet", "aws_amp_workspace", "aws_rds_db_parameter_group"} <= kinds
    assert not {"aws_ec2_volume", "aws_rds_db_instance", "aws_autoscaling_auto_scaling_group", "aws_neptune_db_cluster"} & kinds
    assert all(resource.no_delete and resource.id and resource.description for resource in tail)
    known = {resource.kind for resource in whole.all}
    assert all(edge.kind in known for resource in tail for edge in resource.edges)


def test_one_setting() -> None:
    settings = Settings.load()
    provider = AwsProvider(settings)
    assert "aws_derived" not in {kind.name for kind in provider.kinds()}
    settings.set("aws.derived_kinds", True, "option")
    kinds = {kind.name: kind for kind in provider.kinds()}
    assert kinds["aws_ec2_fleet"].bases == ("aws_derived",)
    assert "derived from the API" in kinds["aws_ec2_fleet"].description


def test_switched_on_between_two_collects(provider: AwsProvider) -> None:
    """`provider` has set the stage. Clients are made for the operations of the kinds that there are; now there are more."""
    settings = Settings.load(overrides=["aws.regions=eu-west-1", "aws.collect=aws_ec2_volume"])
    provider = AwsProvider(settings)
    (account,) = provider.accounts()
    provider.collect(account, Recorder(), Listener(), Cancel())
    settings.set("aws.derived_kinds", True, "option")
    settings.set("aws.collect", ["aws_ec2_volume", "aws_ec2_fleet"], "option")
    sink = Recorder()
    provider.collect(account, sink, Listener(), Cancel())
    assert sink.bad() == {}
    assert ("eu-west-1", "aws_ec2_fleet") in sink.reports


def test_names_alone_make_nodes(provider: AwsProvider, aws: World) -> None:
    """`provider` has set the stage."""
    destination = {"RoleARN": "arn:aws:iam::123456789012:role/worker", "BucketARN": "arn:aws:s3:::near"}
    aws.client("firehose", "eu-west-1").create_delivery_stream(DeliveryStreamName="clicks", ExtendedS3DestinationConfiguration=destination)
    settings = Settings.load(overrides=["aws.regions=eu-west-1", "aws.collect=aws_firehose_delivery_stream", "aws.derived_kinds=true"])
    provider, sink = AwsProvider(settings), Recorder()
    provider.collect(provider.accounts()[0], sink, Listener(), Cancel())
    assert sink.bad() == {}
    assert sink.node("clicks").reported["name"] == "clicks"
