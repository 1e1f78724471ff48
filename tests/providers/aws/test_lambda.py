"""Functions, from items as Lambda lists them with the answers of the further calls."""

from __future__ import annotations

from typing import Any

from tests.providers.aws.catalog_world import World


def function(**more: Any) -> dict[str, Any]:
    return {"FunctionName": "resize", "FunctionArn": "arn:resize", "LastModified": "2026-11-01T10:00:00.000+0000", **more}


def test_properties(world: World) -> None:
    policy = {"Statement": [{"Sid": "everyone", "Principal": "*"}]}
    reported = world.add(
        "aws_lambda_function",
        function(
            Runtime="python3.12",
            MemorySize=256,
            CodeSha256="abc",
            TracingConfig={"Mode": "PassThrough"},
            EphemeralStorage={"Size": 512},
            DeadLetterConfig={"TargetArn": "arn:queue"},
            Tags={"owner": "ada"},
            Policy=policy,
            UrlConfig={"AuthType": "NONE", "Cors": {"AllowOrigins": ["*"]}},
        ),
    )
    assert (reported["id"], reported["name"], reported["arn"]) == ("resize", "resize", "arn:resize")
    assert reported["mtime"] == "2026-11-01T10:00:00Z"
    assert (reported["function_runtime"], reported["function_memory_size"], reported["function_code_sha256"]) == ("python3.12", 256, "abc")
    assert (reported["function_tracing_config"], reported["function_ephemeral_storage"]) == ("PassThrough", 512)
    assert reported["function_dead_letter_config"] == "arn:queue"
    assert reported["function_policy"] == policy
    assert reported["function_url_config"] == {"auth_type": "NONE", "cors": {"allow_origins": ["*"]}}
    assert reported["tags"] == {"owner": "ada"}


def test_it_goes_before_its_network_and_its_role(world: World) -> None:
    world.add(
        "aws_lambda_function",
        function(Role="arn:worker", VpcConfig={"VpcId": "vpc-1", "SubnetIds": ["subnet-1"], "SecurityGroupIds": ["sg-1"]}),
    )
    world.add("aws_iam_role", {"RoleId": "worker", "Arn": "arn:worker"})
    world.add("aws_vpc", {"VpcId": "vpc-1"})
    world.add("aws_ec2_subnet", {"SubnetId": "subnet-1"})
    world.add("aws_ec2_security_group", {"GroupId": "sg-1"})
    expected = {"vpc-1 > resize", "subnet-1 > resize", "sg-1 > resize", "worker > resize"}
    assert world.edges("default") == world.edges("delete") == expected


def test_the_logs_that_it_writes_hang_below_it(world: World) -> None:
    world.add("aws_lambda_function", function(LoggingConfig={"LogFormat": "Text", "LogGroup": "/aws/lambda/resize"}))
    world.add("aws_cloudwatch_log_group", {"logGroupName": "/aws/lambda/resize"})
    assert world.edges("default") == {"resize > /aws/lambda/resize"}
    assert world.edges("delete") == set()
