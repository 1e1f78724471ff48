"""An example AWS account on this machine, for `resh --demo` and for the tests: a moto server in a child process.

    with example_cloud(os.environ, sys.stderr) as (home, overrides):
        with App(home, environ=os.environ, overrides=overrides) as app: ...

The child is gone when the block ends, and when this process ends in any other way.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator, MutableMapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TextIO

from resh.errors import ReshError

REGIONS = ("us-east-1", "eu-west-1", "eu-central-1")
ACCOUNT = "123456789012"

NOT_IN_MOTO = (
    "aws_amplify_app,aws_apprunner_service,aws_cloudfront_*_policy,aws_cloudfront_field_*,aws_cloudfront_realtime_*,aws_cloudfront_streaming_*,"
    "aws_directconnect_gateway*,aws_directconnect_virtual_interface,aws_globalaccelerator_*,"
    "aws_networkfirewall_policy,aws_networkfirewall_rule_group,aws_networkfirewall_tls_*,"
    "aws_dynamodb_global_table,aws_ec2_client_vpn_endpoint,aws_ec2_transit_gateway_connect*,aws_ec2_transit_gateway_multicast_domain,"
    "aws_fsx_data_*,aws_fsx_file_cache,aws_fsx_snapshot,aws_fsx_storage_*,aws_fsx_volume,"
    "aws_ec2_reserved_instances,aws_ecs_capacity_provider,aws_service_quota,aws_ssm_instance,"
    "aws_ssm_resource_compliance,aws_sagemaker_algorithm,aws_sagemaker_app,aws_sagemaker_artifact,aws_sagemaker_code_repository,"
    "aws_sagemaker_image,aws_sagemaker_inference_*,aws_sagemaker_labeling_job,aws_sagemaker_project,aws_sagemaker_user_profile,"
    "aws_sagemaker_workteam,aws_backup_protected_resource,aws_msk_configuration,"
    "aws_opensearch_serverless_vpc_endpoint,aws_opensearch_serverless_access_policy,aws_opensearch_serverless_lifecycle_policy,"
    "aws_appsync_domain_name,aws_codebuild_fleet,aws_codebuild_report_group,aws_codecommit_repository,"
    "aws_codedeploy_deployment_config,aws_lightsail_*"
)
"""Kinds that moto fails to list. It answers as if AWS were broken, and no run would end well."""

_SETTINGS = (
    f"aws.regions={','.join(REGIONS)}",
    f"aws.no_collect={NOT_IN_MOTO}",
    "aws.instance_types=used",
    "cleanup.enabled=true",
    "cleanup.accounts=*",
    "cleanup.rules.expired.enabled=true",
    "cleanup.rules.volumes.enabled=true",
)
_FOREIGN = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CA_BUNDLE")


@contextmanager
def example_cloud(environ: MutableMapping[str, str], notes: TextIO) -> Iterator[tuple[Path, Sequence[str]]]:
    """Points `environ` at the example account; yields a fresh state folder and the settings that show something."""
    notes.write("resh: making an example AWS account (a moto server on this machine) …\n")
    notes.flush()
    with moto_process(REGIONS) as port:
        point_at(environ, f"http://127.0.0.1:{port}")
        with tempfile.TemporaryDirectory(prefix="resh-demo-") as folder:
            yield Path(folder), _SETTINGS


@contextmanager
def moto_process(regions: Sequence[str]) -> Iterator[int]:
    """A filled moto server in a child process; yields its port on 127.0.0.1."""
    with tempfile.TemporaryFile() as complaints:
        child = subprocess.Popen(
            [sys.executable, "-m", "resh.demo.server", *regions],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=complaints, start_new_session=True,
        )  # fmt: skip
        try:
            yield _port(child, complaints)
        finally:
            child.kill()
            child.communicate()


def _port(child: subprocess.Popen[bytes], complaints: IO[bytes]) -> int:
    assert child.stdout is not None
    word, _, port = child.stdout.readline().decode().partition(" ")
    if word == "ready":
        return int(port)
    child.wait()
    complaints.seek(0)
    lines = complaints.read().decode(errors="replace").strip().splitlines() or ["it gave no reason"]
    if "No module named 'moto'" in lines[-1]:
        raise ReshError("the example cloud needs moto", "pip install 'resh[demo]'")
    raise ReshError(f"the example cloud did not start: {lines[-1]}")


def point_at(environ: MutableMapping[str, str], endpoint: str) -> None:
    """Make AWS's own tools, and resh, talk to `endpoint` and to nothing else."""
    for name in _FOREIGN:
        environ.pop(name, None)
    environ.update(
        AWS_ENDPOINT_URL=endpoint,
        AWS_ACCESS_KEY_ID="demo",
        AWS_SECRET_ACCESS_KEY="demo",
        AWS_DEFAULT_REGION=REGIONS[0],
        AWS_CONFIG_FILE="/dev/null",
        AWS_SHARED_CREDENTIALS_FILE="/dev/null",
        AWS_EC2_METADATA_DISABLED="true",
    )
