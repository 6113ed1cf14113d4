"""Writes descriptions of the APIs that google-api-python-client does not describe.

They come from the messages of Google's client libraries, and have the same form.
``python -m tools.client_descriptions`` rewrites mockcloud/mockcloud/discovery/descriptions/; a test fails while they
are not what this would write.
"""

import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import version as installed
from typing import Any, Final

from google.protobuf.descriptor import FieldDescriptor

from mockcloud.discovery.names import camel
from mockcloud.doors.grpc.bindings import Binding
from mockcloud.doors.grpc.rpcs import Rpc, methods_of
from tools.construct_catalog import ROOT

DIRECTORY: Final = ROOT / "mockcloud" / "mockcloud" / "discovery" / "descriptions"

DESCRIBED: Final[Mapping[tuple[str, str], tuple[str, tuple[str, ...]]]] = {
    ("bigquerystorage", "v1"): (
        "google-cloud-bigquery-storage",
        ("google.cloud.bigquery.storage.v1.BigQueryRead", "google.cloud.bigquery.storage.v1.BigQueryWrite"),
    ),
    ("cloudquotas", "v1beta"): ("google-cloud-quotas", ("google.api.cloudquotas.v1beta.CloudQuotas",)),
    ("cloudquotas", "v1"): ("google-cloud-quotas", ("google.api.cloudquotas.v1.CloudQuotas",)),
    ("iam", "v3"): (
        "google-cloud-iam",
        ("google.iam.v3.PolicyBindings", "google.iam.v3.PrincipalAccessBoundaryPolicies"),
    ),
    ("iam", "v3beta"): (
        "google-cloud-iam",
        (
            "google.iam.v3beta.AccessPolicies",
            "google.iam.v3beta.PolicyBindings",
            "google.iam.v3beta.PrincipalAccessBoundaryPolicies",
        ),
    ),
    ("lustre", "v1"): ("google-cloud-lustre", ("google.cloud.lustre.v1.Lustre",)),
    ("memorystore", "v1"): ("google-cloud-memorystore", ("google.cloud.memorystore.v1.Memorystore",)),
    ("memorystore", "v1beta"): ("google-cloud-memorystore", ("google.cloud.memorystore.v1beta.Memorystore",)),
    ("modelarmor", "v1"): ("google-cloud-modelarmor", ("google.cloud.modelarmor.v1.ModelArmor",)),
    ("modelarmor", "v1beta"): ("google-cloud-modelarmor", ("google.cloud.modelarmor.v1beta.ModelArmor",)),
    ("privilegedaccessmanager", "v1"): (
        "google-cloud-privilegedaccessmanager",
        ("google.cloud.privilegedaccessmanager.v1.PrivilegedAccessManager",),
    ),
    ("securitycenter", "v2"): ("google-cloud-securitycenter", ("google.cloud.securitycenter.v2.SecurityCenter",)),
    ("securitycentermanagement", "v1"): (
        "google-cloud-securitycentermanagement",
        ("google.cloud.securitycentermanagement.v1.SecurityCenterManagement",),
    ),
    ("storageinsights", "v1"): ("google-cloud-storageinsights", ("google.cloud.storageinsights.v1.StorageInsights",)),
    ("vectorsearch", "v1"): (
        "google-cloud-vectorsearch",
        (
            "google.cloud.vectorsearch.v1.DataObjectSearchService",
            "google.cloud.vectorsearch.v1.DataObjectService",
            "google.cloud.vectorsearch.v1.VectorSearchService",
        ),
    ),
    ("vectorsearch", "v1beta"): (
        "google-cloud-vectorsearch",
        (
            "google.cloud.vectorsearch.v1beta.DataObjectSearchService",
            "google.cloud.vectorsearch.v1beta.DataObjectService",
            "google.cloud.vectorsearch.v1beta.VectorSearchService",
        ),
    ),
    ("speech", "v2"): ("google-cloud-speech", ("google.cloud.speech.v2.Speech",)),
}
"""API and version -> the library whose messages tell it, and its services."""

_SCALARS: Final[Mapping[int, Mapping[str, str]]] = {
    FieldDescriptor.TYPE_DOUBLE: {"type": "number", "format": "double"},
    FieldDescriptor.TYPE_FLOAT: {"type": "number", "format": "float"},
    FieldDescriptor.TYPE_INT64: {"type": "string", "format": "int64"},
    FieldDescriptor.TYPE_UINT64: {"type": "string", "format": "uint64"},
    FieldDescriptor.TYPE_INT32: {"type": "integer", "format": "int32"},
    FieldDescriptor.TYPE_UINT32: {"type": "integer", "format": "uint32"},
    FieldDescriptor.TYPE_BOOL: {"type": "boolean"},
    FieldDescriptor.TYPE_STRING: {"type": "string"},
    FieldDescriptor.TYPE_BYTES: {"type": "string", "format": "byte"},
}
_WELL_KNOWN: Final[Mapping[str, Mapping[str, Any]]] = {
    "google.protobuf.Timestamp": {"type": "string", "format": "google-datetime"},
    "google.protobuf.Duration": {"type": "string", "format": "google-duration"},
    "google.protobuf.FieldMask": {"type": "string", "format": "google-fieldmask"},
    "google.protobuf.Struct": {"type": "object", "additionalProperties": {"type": "any"}},
    "google.protobuf.Any": {"type": "object", "additionalProperties": {"type": "any"}},
    "google.protobuf.Value": {"type": "any"},
    "google.protobuf.ListValue": {"type": "array", "items": {"type": "any"}},
    "google.protobuf.BoolValue": {"type": "boolean"},
    "google.protobuf.StringValue": {"type": "string"},
    "google.protobuf.Int64Value": {"type": "string", "format": "int64"},
    "google.protobuf.Int32Value": {"type": "integer", "format": "int32"},
    "google.protobuf.DoubleValue": {"type": "number", "format": "double"},
    "google.protobuf.FloatValue": {"type": "number", "format": "float"},
}
_STANDARD: Final = ("Create", "Get", "List", "Update", "Delete")
_LIST: Final = 3
"""Label of a list (google/protobuf/descriptor.proto)."""
_VARIABLE: Final = re.compile(r"\{([^{}=]+)=([^{}]+)\}")
_SERVER_SET: Final = frozenset({"createTime", "updateTime", "uid", "reconciling", "deleteTime", "state"})
"""Fields that only the service sets. The messages of the libraries do not say which those are."""

_EVERYWHERE: Final[Mapping[str, Mapping[str, Any]]] = {
    "alt": {"type": "string", "location": "query", "enum": ["json", "media", "proto"], "default": "json"},
    "fields": {"type": "string", "location": "query"},
    "key": {"type": "string", "location": "query"},
    "access_token": {"type": "string", "location": "query"},
    "oauth_token": {"type": "string", "location": "query"},
    "callback": {"type": "string", "location": "query"},
    "prettyPrint": {"type": "boolean", "location": "query", "default": "true"},
    "quotaUser": {"type": "string", "location": "query"},
    "uploadType": {"type": "string", "location": "query"},
    "upload_protocol": {"type": "string", "location": "query"},
    "$.xgafv": {"type": "string", "location": "query", "enum": ["1", "2"]},
}


def described(api: str, version: str) -> dict[str, Any]:
    """Describe one version of an API."""
    library, services = DESCRIBED[api, version]
    writer = _Writer()
    methods: dict[str, Any] = {}
    for service in services:
        for rpc in sorted(methods_of(service).values(), key=lambda each: each.path):
            for identifier, entry in writer.methods(rpc):
                methods.setdefault(identifier, {**entry, "id": f"{api}.{identifier}"})
    for identifier, entry in writer.operations(methods):
        methods.setdefault(identifier, {**entry, "id": f"{api}.{identifier}"})
    return {
        "name": api,
        "version": version,
        "revision": f"{library} {installed(library)}",
        "rootUrl": f"https://{api}.googleapis.com/",
        "servicePath": "",
        "parameters": dict(_EVERYWHERE),
        "methods": dict(sorted(methods.items())),
        "schemas": dict(sorted(writer.schemas.items())),
    }


class _Writer:
    """Writes methods, and remembers the schemas that they need."""

    def __init__(self) -> None:
        self.schemas: dict[str, Any] = {}

    def methods(self, rpc: Rpc) -> Iterator[tuple[str, dict[str, Any]]]:
        """Give a method, once for each of its HTTP forms."""
        for binding in rpc.bindings:
            path = binding.uri.lstrip("/")
            entry: dict[str, Any] = {
                "httpMethod": binding.verb.upper(),
                "path": _VARIABLE.sub(lambda match: "{+" + camel(match[1]) + "}", path),
                "flatPath": _VARIABLE.sub(lambda match: _flat(match[2]), path),
                "parameters": self._parameters(rpc.request.DESCRIPTOR, binding),
                "response": {"$ref": self._schema(rpc.response.DESCRIPTOR)},
            }
            request = self._request(rpc.request.DESCRIPTOR, binding)
            if request:
                entry["request"] = {"$ref": request}
            yield _identifier(rpc.method, entry["flatPath"]), entry

    def operations(self, methods: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
        """Give the methods on operations, wherever methods are long-running (google/longrunning/operations.proto)."""
        operation = "Operation"
        paths = {
            "/".join(entry["flatPath"].split("/")[:5])
            for entry in methods.values()
            if entry["response"]["$ref"] == operation
        }
        if paths:
            self.schemas.setdefault("Empty", {"id": "Empty", "type": "object", "properties": {}})
            inner = {"type": "array", "items": {"$ref": operation}}
            fields = {"operations": inner, "nextPageToken": {"type": "string"}}
            self.schemas["ListOperationsResponse"] = {
                "id": "ListOperationsResponse",
                "type": "object",
                "properties": fields,
            }
        for path in sorted(paths):
            place = path.split("/")[1]
            prefix = f"{place}.locations.operations"
            version = path.partition("/")[0]
            name = {"name": {"type": "string", "location": "path", "required": True}}
            one = {
                "path": f"{version}/{{+name}}",
                "flatPath": f"{path}/operations/{{operationsId}}",
                "parameters": name,
            }
            paging = {each: {"type": "string", "location": "query"} for each in ("filter", "pageToken")}
            paging["pageSize"] = {"type": "integer", "format": "int32", "location": "query"}
            yield f"{prefix}.get", {**one, "httpMethod": "GET", "response": {"$ref": operation}}
            yield f"{prefix}.delete", {**one, "httpMethod": "DELETE", "response": {"$ref": "Empty"}}
            yield (
                f"{prefix}.cancel",
                {
                    **one,
                    "path": f"{version}/{{+name}}:cancel",
                    "flatPath": f"{path}/operations/{{operationsId}}:cancel",
                    "httpMethod": "POST",
                    "response": {"$ref": "Empty"},
                },
            )
            yield (
                f"{prefix}.list",
                {
                    "path": f"{version}/{{+name}}/operations",
                    "flatPath": f"{path}/operations",
                    "httpMethod": "GET",
                    "parameters": {**name, **paging},
                    "response": {"$ref": "ListOperationsResponse"},
                },
            )

    def _request(self, message: Any, binding: Binding) -> str:  # noqa: ANN401 - as in _schema
        if not binding.body:
            return ""
        if binding.body == "*":
            return self._schema(message)
        return self._schema(message.fields_by_name[binding.body].message_type)

    def _parameters(self, message: Any, binding: Binding) -> dict[str, Any]:  # noqa: ANN401 - as in _schema
        in_path = {match[1] for match in _VARIABLE.finditer(binding.uri)}
        found = {camel(each): {"type": "string", "location": "path", "required": True} for each in sorted(in_path)}
        if binding.body == "*":
            return found
        for field in message.fields:
            of_its_own = field.message_type is not None and field.message_type.full_name not in _WELL_KNOWN
            if of_its_own or field.name in {binding.body, *in_path}:
                continue
            entry = self._property(field)
            repeated = entry.get("type") == "array"
            inner = entry["items"] if repeated else entry
            found[field.json_name] = {**inner, "location": "query", **({"repeated": True} if repeated else {})}
        return found

    def _schema(self, message: Any) -> str:  # noqa: ANN401 - descriptors are of a class for each implementation
        name = _name(message)
        if name not in self.schemas:
            self.schemas[name] = {}  # a message may hold itself
            properties = {field.json_name: self._property(field) for field in message.fields}
            self.schemas[name] = {"id": name, "type": "object", "properties": properties}
        return name

    def _property(self, field: FieldDescriptor) -> dict[str, Any]:
        if field.message_type is not None and field.message_type.GetOptions().map_entry:
            return {"type": "object", "additionalProperties": self._type(field.message_type.fields_by_name["value"])}
        inner = self._type(field)
        marks = {"readOnly": True} if field.json_name in _SERVER_SET else {}
        return {"type": "array", "items": inner, **marks} if _repeated(field) else {**inner, **marks}

    def _type(self, field: FieldDescriptor) -> dict[str, Any]:
        if field.enum_type is not None:
            return {"type": "string", "enum": [each.name for each in field.enum_type.values]}
        if field.message_type is None:
            return dict(_SCALARS[field.type])
        known = _WELL_KNOWN.get(field.message_type.full_name)
        return dict(known) if known is not None else {"$ref": self._schema(field.message_type)}


def _repeated(field: FieldDescriptor) -> bool:
    """Whether a field is a list. Older protobuf says it with a label, newer with a property."""
    return bool(field.is_repeated) if hasattr(field, "is_repeated") else getattr(field, "label", 0) == _LIST


def _name(message: Any) -> str:  # noqa: ANN401 - as in _schema
    """Give a schema's name: that of the message, and of those around it."""
    full = message.full_name
    if full == "google.longrunning.Operation":
        return "Operation"
    return "".join(part for part in full.split(".") if part[:1].isupper())


def _flat(pattern: str) -> str:
    """Write a pattern with a variable for each star: `projects/*/locations/*` -> `projects/{projectsId}/…`."""
    parts = pattern.split("/")
    return "/".join(f"{{{parts[at - 1]}Id}}" if part == "*" else part for at, part in enumerate(parts))


def _identifier(method: str, path: str) -> str:
    """Give a method's id: the words of its path, and what it does."""
    words = [each for each in path.partition(":")[0].split("/")[1:] if not each.startswith("{")]
    verb = next((each.lower() for each in _STANDARD if method.startswith(each)), "")
    if path.partition(":")[2]:
        verb = path.partition(":")[2]
    verb = {"update": "patch", "": method[:1].lower() + method[1:]}.get(verb, verb)
    return ".".join([*words, verb])


def written() -> Iterable[tuple[str, str]]:
    """Give each file's name and text."""
    for api, version in DESCRIBED:
        yield f"{api}.{version}.json", json.dumps(described(api, version), indent=1, sort_keys=True) + "\n"


def main() -> int:
    """Write the files."""
    DIRECTORY.mkdir(exist_ok=True)
    for name, text in written():
        (DIRECTORY / name).write_text(text, encoding="utf-8")
        print(f"Wrote {(DIRECTORY / name).relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
