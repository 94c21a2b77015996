"""Our own style, script and mark: read once, sent with a name that changes with the content."""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

FOLDER = Path(__file__).parent / "static"
TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
A_YEAR = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is sent."""

    kind: str
    body: bytes
    packed: bytes
    version: str


@cache
def assets() -> dict[str, Asset]:
    """Every file there is, by name."""
    found = {}
    for file in sorted(FOLDER.iterdir()):
        body = file.read_bytes()
        version = hashlib.sha256(body).hexdigest()[:10]
        found[file.name] = Asset(TYPES[file.suffix], body, gzip.compress(body, mtime=0), version)
    return found


def static_url(name: str) -> str:
    """The address of a file; a browser may keep it for as long as it likes."""
    return f"/static/{name}?v={assets()[name].version}"


async def send_static(request: Request) -> Response:
    """Send one file, packed where the browser can unpack it."""
    asset = assets().get(request.path_params["name"])
    if asset is None:
        raise HTTPException(404)
    known = request.query_params.get("v") == asset.version
    headers = {
        "Cache-Control": f"public, max-age={A_YEAR}, immutable" if known else "public, max-age=300",
        "Vary": "Accept-Encoding",
    }
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(asset.packed, media_type=asset.kind, headers={**headers, "Content-Encoding": "gzip"})
    return Response(asset.body, media_type=asset.kind, headers=headers)
