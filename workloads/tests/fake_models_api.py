"""The few methods of Vertex AI's model service that a registration calls, on a port of this machine.

Google's own client speaks to it over HTTP, so what it would send is what is tested.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

PARENT = "projects/acme-ml/locations/europe-west4"
UPLOADED = "type.googleapis.com/google.cloud.aiplatform.v1.UploadModelResponse"


@dataclass
class ModelsApi:
    """What the service has, and what it was sent."""

    url: str = ""
    versions: list[dict[str, Any]] = field(default_factory=list)
    uploads: list[dict[str, Any]] = field(default_factory=list)

    def get(self, path: str) -> dict[str, Any] | None:
        """Return a model by its name, with an alias or number of a version behind an @, or None."""
        name, _, version = path.removeprefix("/v1/").partition("@")
        found = [row for row in self.versions if row["name"] == name]
        if version:
            found = [row for row in found if version in (row["versionId"], *row["versionAliases"])]
        return found[0] if found else None

    def upload(self, body: dict[str, Any]) -> dict[str, Any]:
        """Add a version, and return the finished operation."""
        self.uploads.append(body)
        name = body.get("parentModel") or f"{PARENT}/models/{body['modelId']}"
        number = str(1 + sum(row["name"] == name for row in self.versions))
        self.versions.append({**body["model"], "name": name, "versionId": number})
        response = {"@type": UPLOADED, "model": name, "modelVersionId": number}
        return {"name": f"{name}/operations/1", "done": True, "response": response}


def path(request: BaseHTTPRequestHandler) -> str:
    """Return the path of a request; Google's client writes its question mark escaped, too."""
    return unquote(request.path).partition("?")[0]


@contextmanager
def serve() -> Iterator[ModelsApi]:
    """Serve until the end of the block."""
    api = ModelsApi()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.answer(api.get(path(self)))

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self.answer(api.upload(body) if path(self).endswith(f"{PARENT}/models:upload") else None)

        def answer(self, found: dict[str, Any] | None) -> None:
            missing = {"error": {"code": 404, "message": "not found", "status": "NOT_FOUND"}}
            self.send_response(404 if found is None else 200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(missing if found is None else found).encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    api.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield api
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
