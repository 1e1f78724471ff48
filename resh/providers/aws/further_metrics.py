"""What CloudWatch measures of kinds of which there may be very many: it is asked about them only where `aws.usage_kinds` names them."""

from __future__ import annotations

from resh.providers.aws.metric import Measured, Metric


def _computing() -> tuple[Metric, ...]:
    function = Measured("aws_lambda_function", "AWS/Lambda", {"FunctionName": "name"}, quiet=True)
    service = Measured("aws_ecs_service", "AWS/ECS", {"ClusterName": "split(cluster_arn, ':cluster/')[1]", "ServiceName": "name"})
    group = Measured("aws_autoscaling_group", "AWS/EC2", {"AutoScalingGroupName": "name"})
    return (
        *function.rate("invocations", invocations="Invocations", errors="Errors", throttles="Throttles"),
        *function.level("seconds", 1 / 1000, duration="Duration"),
        *service.level("percent", cpu_utilization="CPUUtilization", memory_utilization="MemoryUtilization"),
        *group.level("percent", cpu_utilization="CPUUtilization"),
    )


def _network() -> tuple[Metric, ...]:
    gateway = Measured("aws_ec2_nat_gateway", "AWS/NATGateway", {"NatGatewayId": "id"})
    return (
        *gateway.rate("bytes", network_in="BytesInFromSource", network_out="BytesOutToDestination"),
        *gateway.level("connections", active_connection_count="ActiveConnectionCount"),
    )


def _storage() -> tuple[Metric, ...]:
    table = Measured("aws_dynamodb_table", "AWS/DynamoDB", {"TableName": "name"}, quiet=True)
    cache = Measured("aws_elasticache_cache_cluster", "AWS/ElastiCache", {"CacheClusterId": "id"})
    files = Measured("aws_efs_file_system", "AWS/EFS", {"FileSystemId": "id"}, quiet=True)
    warehouse = Measured("aws_redshift_cluster", "AWS/Redshift", {"ClusterIdentifier": "id"})
    index = Measured("aws_opensearch_domain", "AWS/ES", {"DomainName": "name", "ClientId": "split(arn, ':')[4]"})
    return (
        *table.rate("units", consumed_read_capacity="ConsumedReadCapacityUnits", consumed_write_capacity="ConsumedWriteCapacityUnits"),
        *cache.level("percent", cpu_utilization="CPUUtilization"),
        *cache.level("connections", current_connections="CurrConnections"),
        *cache.level("bytes", freeable_memory="FreeableMemory"),
        *files.rate("bytes", volume_read="DataReadIOBytes", volume_write="DataWriteIOBytes"),
        *warehouse.level("percent", cpu_utilization="CPUUtilization"),
        *warehouse.level("connections", database_connections="DatabaseConnections"),
        *index.level("percent", cpu_utilization="CPUUtilization"),
    )


def _messages() -> tuple[Metric, ...]:
    queue = Measured("aws_sqs_queue", "AWS/SQS", {"QueueName": "name"}, quiet=True)
    stream = Measured("aws_kinesis_stream", "AWS/Kinesis", {"StreamName": "name"}, quiet=True)
    return (
        *queue.rate("messages", messages_sent="NumberOfMessagesSent", messages_received="NumberOfMessagesReceived"),
        *queue.level("messages", messages_waiting="ApproximateNumberOfMessagesVisible"),
        *queue.level("seconds", oldest_message_age="ApproximateAgeOfOldestMessage"),
        *stream.rate("bytes", stream_in="IncomingBytes", stream_out="GetRecords.Bytes"),
    )


FURTHER = (*_computing(), *_network(), *_storage(), *_messages())
