"""The base kinds: what clouds have in common, so that `is(volume)` finds the volumes of all of them.

    Kinds(BASE_KINDS).properties("volume")["volume_size"].unit      # "GB"

Names are those of Resoto, so that queries and checks that people have keep working. A provider's kinds name one or more of these as bases.
"""

from __future__ import annotations

from resh.model.kinds import Kind, Property


def _kind(name: str, description: str, *properties: Property, bases: tuple[str, ...] = ("resource",), phantom: bool = False) -> Kind:
    return Kind(name, bases, description, properties, phantom)


def _quota(name: str, description: str) -> Kind:
    return _kind(name, description, bases=("quota",), phantom=True)


_HOURLY = "What an hour of one costs on demand, with Linux on shared hardware; null where it is not known"
_MONTHLY = "What a GB of one costs for a month, without operations and throughput that are paid besides; null where it is not known"

_INSTANCE_TYPE = Property("instance_type", "string", "The type, which fixes cores and memory")
_VOLUME_SIZE = Property("volume_size", "int64", "Size", "GB")
_VOLUME_ENCRYPTED = Property("volume_encrypted", "boolean", "Whether the data on it is encrypted")
_VOLUME_IOPS = Property("volume_iops", "int64", "Input and output operations that are provisioned", "1/s")
_VOLUME_THROUGHPUT = Property("volume_throughput", "int64", "Throughput that is provisioned", "MiB/s")
_PUBLIC_IP = Property("public_ip_address", "string", "The address under which the internet reaches it")
_RESERVATIONS = Property("reservations", "int64", "How many are reserved")

_ROOTS = (
    Kind(
        "resource",
        (),
        "Anything that a cloud has.",
        (
            Property("id", "string", "What the provider calls it"),
            Property("name", "string", "What people call it; the id when it has no name"),
            Property("kind", "string", "The kind, such as aws_ec2_volume"),
            Property("tags", "dictionary", "Tags or labels, key and value"),
            Property("arn", "string", "The name by which the whole cloud knows it (Amazon Resource Name and the like)"),
            Property("ctime", "datetime", "When it was created"),
            Property("mtime", "datetime", "When it was last changed"),
            Property("atime", "datetime", "When it was last used"),
            Property("age", "duration", "Time since it was created"),
            Property("last_update", "duration", "Time since it was last changed"),
            Property("last_access", "duration", "Time since it was last used"),
        ),
    ),
    _kind("phantom_resource", "What has no existence of its own: a limit, a type.", phantom=True),
    _kind(
        "quota",
        "How many of something an account may have.",
        Property("quota", "double", "The limit"),
        Property("usage", "double", "How much of it is used"),
        Property("quota_type", "string", "What is limited"),
        bases=("phantom_resource",),
        phantom=True,
    ),
    _kind("type", "A type that resources are of, with its price.", bases=("phantom_resource",), phantom=True),
    _kind("graph_root", "The root of the graph; the clouds are below it.", bases=(), phantom=True),
)

_PLACES = (
    _kind("base_cloud", "A cloud.", phantom=True),
    _kind("cloud", "A cloud, such as aws; its accounts are below it.", bases=("base_cloud",), phantom=True),
    _kind("account", "An account, subscription or project; its regions are below it.", phantom=True),
    _kind(
        "region",
        "Where resources live. What lives nowhere in particular is in the region global.",
        Property("long_name", "string", "The name in words, with the place"),
        Property("latitude", "double", "Where it is", "°"),
        Property("longitude", "double", "Where it is", "°"),
        phantom=True,
    ),
    _kind("zone", "A part of a region that fails by itself.", Property("long_name", "string", "The name in words"), phantom=True),
    _kind("organizational_root", "The top of an organization's accounts."),
    _kind("organizational_unit", "A group of an organization's accounts."),
)

_COMPUTE = (
    _kind(
        "instance",
        "A machine that runs.",
        Property("instance_cores", "double", "Processor cores"),
        Property("instance_memory", "double", "Memory", "GiB"),
        _INSTANCE_TYPE,
        Property("instance_status", "string", "running, stopped, terminated, busy or unknown"),
    ),
    _kind(
        "instance_type",
        "A size that an instance may have.",
        _INSTANCE_TYPE,
        Property("instance_cores", "double", "Processor cores"),
        Property("instance_memory", "double", "Memory", "GiB"),
        Property("ondemand_cost", "double", _HOURLY, "USD/h"),
        _RESERVATIONS,
        bases=("type",),
        phantom=True,
    ),
    _kind("image", "What a new instance starts from."),
    _kind("keypair", "A key that opens instances.", Property("fingerprint", "string", "Fingerprint of the public key")),
    _kind(
        "autoscaling_group",
        "A group of instances that grows and shrinks.",
        Property("min_size", "int64", "The fewest instances it keeps"),
        Property("max_size", "int64", "The most instances it starts"),
    ),
    _kind("serverless_function", "Code that runs when it is called."),
    _kind("managed_kubernetes_cluster_provider", "A Kubernetes cluster that the cloud manages.",
          Property("version", "string", "Version of Kubernetes"), Property("endpoint", "string", "Where its API answers")),
    _kind(
        "stack",
        "Resources that were made from one template.",
        Property("stack_status", "string", "What became of it"),
        Property("stack_status_reason", "string", "Why"),
        Property("stack_parameters", "dictionary", "What the template was filled with"),
    ),
    _quota("instance_quota", "How many instances of a type an account may run."),
)  # fmt: skip

_STORAGE = (
    _kind(
        "volume",
        "A disk that an instance may use.",
        _VOLUME_SIZE,
        Property("volume_type", "string", "The type, which fixes speed and price"),
        Property("volume_status", "string", "in-use, available, busy, error, deleted or unknown"),
        _VOLUME_IOPS,
        _VOLUME_THROUGHPUT,
        _VOLUME_ENCRYPTED,
        Property("snapshot_before_delete", "boolean", "Whether to keep a snapshot when it is deleted"),
    ),
    _kind(
        "volume_type",
        "A kind of disk that a cloud sells.",
        Property("volume_type", "string", "The name of the type"),
        Property("ondemand_cost", "double", _MONTHLY, "USD/GB-month"),
        bases=("type",),
        phantom=True,
    ),
    _kind("network_share", "A file system that many machines can mount.",
          Property("share_size", "int64", "Size", "GB"), Property("share_type", "string", "The type"),
          Property("share_status", "string", "in-use, available, busy, error, deleted or unknown"),
          Property("share_iops", "int64", "Input and output operations that are provisioned", "1/s"),
          Property("share_throughput", "int64", "Throughput that is provisioned", "MiB/s"),
          Property("share_encrypted", "boolean", "Whether the data on it is encrypted")),
    _kind(
        "snapshot",
        "A volume as it was at one time.",
        Property("snapshot_status", "string", "What became of it"),
        Property("description", "string", "What people say it is"),
        Property("volume_id", "string", "The volume it was taken of"),
        Property("volume_size", "int64", "Size of that volume", "GB"),
        Property("encrypted", "boolean", "Whether the data in it is encrypted"),
        Property("owner_id", "string", "The account that took it"),
        Property("owner_alias", "string", "Another name of that account"),
    ),
    _kind(
        "bucket",
        "A container of objects.",
        Property("encryption_enabled", "boolean", "Whether new objects are encrypted"),
        Property("versioning_enabled", "boolean", "Whether old versions of objects are kept"),
    ),
    _kind("bucket_settings", "What an account lets its buckets open to the public."),
    _kind(
        "database",
        "A database that the cloud manages.",
        Property("db_type", "string", "The engine"),
        Property("db_version", "string", "Version of the engine"),
        Property("db_status", "string", "available, busy, failed, stopped or unknown"),
        Property("db_endpoint", "string", "Host and port"),
        Property("db_publicly_accessible", "boolean", "Whether the internet can reach it"),
        _INSTANCE_TYPE,
        _VOLUME_SIZE,
        _VOLUME_IOPS,
        _VOLUME_ENCRYPTED,
    ),
    _quota("bucket_quota", "How many buckets an account may have."),
)  # fmt: skip

_NETWORK = (
    _kind("network", "A private network.", Property("cidr_blocks", "string[]", "Its ranges of addresses")),
    _kind("subnet", "A part of a network.", Property("cidr_block", "string", "Its range of addresses")),
    _kind("firewall", "Rules for what may pass into and out of networks."),
    _kind("security_group", "Rules for what may reach the resources that have it."),
    _kind("network_acl", "Rules for what may pass into and out of subnets."),
    _kind("routing_table", "Where packets go."),
    _kind("peering_connection", "A link between two networks."),
    _kind("endpoint", "A way into a service that does not leave the network."),
    _kind("gateway", "A way out of a network."),
    _kind("tunnel", "A link through the internet to another network."),
    _kind(
        "network_interface",
        "A machine's place in a network.",
        Property("network_interface_status", "string", "Whether it is in use"),
        Property("network_interface_type", "string", "What it is for"),
        Property("mac", "string", "Hardware address"),
        Property("private_ips", "string[]", "Addresses in the network"),
        Property("public_ips", "string[]", "Addresses in the internet"),
        Property("v6_ips", "string[]", "IPv6 addresses"),
        Property("description", "string", "What people say it is"),
    ),
    _kind(
        "ip_address",
        "An address that was reserved.",
        Property("ip_address", "string", "The address"),
        Property("ip_address_family", "string", "ipv4 or ipv6"),
    ),
    _kind(
        "load_balancer",
        "One address in front of many machines.",
        Property("lb_type", "string", "What it balances"),
        _PUBLIC_IP,
        Property("backends", "string[]", "The ids of what is behind it"),
    ),
    _kind(
        "health_check",
        "A question asked again and again, to see whether something lives.",
        Property("check_interval", "int64", "Time between two questions", "s"),
        Property("healthy_threshold", "int64", "Good answers that make it healthy"),
        Property("unhealthy_threshold", "int64", "Bad answers that make it unhealthy"),
        Property("timeout", "int64", "How long an answer may take", "s"),
        Property("health_check_type", "string", "The protocol"),
    ),
    _kind(
        "dns_zone", "A part of the domain name system.", Property("private_zone", "boolean", "Whether only networks of the account see it")
    ),
    _kind(
        "dns_record_set",
        "All records of one name and type.",
        Property("record_ttl", "int64", "How long an answer may be kept", "s"),
        Property("record_type", "string", "A, AAAA, CNAME, MX, TXT, …"),
        Property("record_values", "string[]", "The answers"),
    ),
    _kind(
        "dns_record",
        "One answer of the domain name system.",
        Property("record_ttl", "int64", "How long the answer may be kept", "s"),
        Property("record_type", "string", "A, AAAA, CNAME, MX, TXT, …"),
        Property("record_value", "string", "The answer"),
        Property("record_priority", "int64", "Which of several is asked first (MX, SRV)"),
        Property("record_weight", "int64", "How often one of several is chosen (SRV)"),
        Property("record_port", "int64", "The service's port (SRV)"),
    ),
    _quota("network_quota", "How many networks an account may have."),
    _quota("gateway_quota", "How many gateways an account may have."),
    _quota("load_balancer_quota", "How many load balancers an account may have."),
)

_IDENTITY = (
    _kind("user", "A person or program that may sign in."),
    _kind("group", "Users with the same rights."),
    _kind("role", "Rights that someone may take on."),
    _kind("policy", "Rights, written down."),
    _kind("instance_profile", "The role that an instance has."),
    _kind("access_key", "A key with which a user calls the cloud.", Property("access_key_status", "string", "Active or Inactive")),
    _kind(
        "certificate",
        "Proof of a name.",
        Property("expires", "datetime", "Until when it holds"),
        Property("dns_names", "string[]", "The names"),
        Property("sha1_fingerprint", "string", "Fingerprint"),
    ),
    _quota("certificate_quota", "How many certificates an account may have."),
)

BASE_KINDS: tuple[Kind, ...] = (*_ROOTS, *_PLACES, *_COMPUTE, *_STORAGE, *_NETWORK, *_IDENTITY)
