"""What JMESPath lacks to read the answers of clouds: some functions more, for every expression of a catalog.

    last(QueueUrl, '/')                                  # 'orders': what follows the last slash; a text without one is left as it is
    split(Value, ' ')[0]                                 # '10' of '10 mail.example.com'
    pairs(Parameters, 'ParameterKey', 'ParameterValue')  # {'Size': '8'}: a list of keys and values as an object
    lists(DistributionConfig)                            # every {Quantity, Items} in it as the list that it stands for
    from_json(RedrivePolicy).deadLetterTargetArn         # a step into a text that holds JSON; null when it holds none
    deep(Rules, 'ARN')                                   # the value of every member called so, however deep it is
    bucket(ModelDataUrl)                                 # 'models' of 's3://models/shop.tar.gz', or of an address in the web

`mapping.expression` knows them. What is no text gives null, so that one odd record is not an error.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from jmespath import Options
from jmespath.functions import Functions, signature

_LIST = {"Quantity", "Items", "Enabled"}
_ANY: dict[str, list[str]] = {"types": []}


class _Functions(Functions):  # type: ignore[misc]
    """Every `_func_…` is a function of that name, by JMESPath's own convention."""

    @signature(_ANY, {"types": ["string"]})  # type: ignore[untyped-decorator]
    def _func_last(self, text: Any, separator: str) -> Any:
        return text.rpartition(separator)[2] if isinstance(text, str) else None

    @signature(_ANY, {"types": ["string"]})  # type: ignore[untyped-decorator]
    def _func_split(self, text: Any, separator: str) -> Any:
        return text.split(separator) if isinstance(text, str) else None

    @signature(_ANY, {"types": ["string"]}, {"types": ["string"]})  # type: ignore[untyped-decorator]
    def _func_pairs(self, entries: Any, key: str, value: str) -> Any:
        if not isinstance(entries, list):
            return None
        return {str(entry[key]): entry.get(value) for entry in entries if isinstance(entry, dict) and key in entry}

    @signature(_ANY)  # type: ignore[untyped-decorator]
    def _func_from_json(self, text: Any) -> Any:
        try:
            return json.loads(text) if isinstance(text, str) else None
        except ValueError:
            return None

    @signature(_ANY)  # type: ignore[untyped-decorator]
    def _func_bucket(self, address: Any) -> Any:
        return _bucket(address) or None if isinstance(address, str) else None

    @signature(_ANY, {"types": ["string"]})  # type: ignore[untyped-decorator]
    def _func_deep(self, value: Any, member: str) -> list[Any]:
        return list(_members(value, member))

    @signature(_ANY)  # type: ignore[untyped-decorator]
    def _func_lists(self, value: Any) -> Any:
        return _unwrapped(value)


def _bucket(address: str) -> str:
    """The bucket is the host, the first word of the host, or the first step of the path:
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-bucket-intro.html
    """
    parts = urlsplit(address)
    if parts.scheme.lower() == "s3":
        return parts.netloc
    if parts.scheme.lower() != "https" or ".amazonaws." not in parts.netloc:
        return ""
    if parts.netloc.startswith(("s3.", "s3-")):
        return parts.path.split("/")[1] if parts.path else ""
    return parts.netloc.partition(".s3")[0]


def _members(value: Any, name: str) -> Iterator[Any]:
    if isinstance(value, list):
        for element in value:
            yield from _members(element, name)
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key == name:
                yield inner
            else:
                yield from _members(inner, name)


def _unwrapped(value: Any) -> Any:
    if isinstance(value, list):
        return [_unwrapped(element) for element in value]
    if not isinstance(value, dict):
        return value
    if "Quantity" in value and value.keys() <= _LIST:
        return _unwrapped(value.get("Items") or [])
    return {key: _unwrapped(inner) for key, inner in value.items()}


OPTIONS = Options(custom_functions=_Functions())
