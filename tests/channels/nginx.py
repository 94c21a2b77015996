"""A real nginx in front of us, with a configuration of ours."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PROGRAM = shutil.which("nginx") or "/usr/sbin/nginx"

NEEDED = os.environ.get("XUNQIAO_REQUIRE_NGINX") == "1"
"""Whether a machine without it fails the tests."""

needs_nginx = pytest.mark.skipif(
    not (NEEDED or Path(PROGRAM).exists()),
    reason="nginx is not installed: what stands behind it is not tested",
)


def written(servers: str, folder: Path) -> Path:
    """Write a whole configuration around these `server` blocks; all that nginx writes goes to the folder."""
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in kinds)
    config = folder / "nginx.conf"
    config.write_text(
        f"daemon off;\nmaster_process off;\npid {folder}/pid;\nerror_log {folder}/errors;\nevents {{}}\n"
        f"http {{\naccess_log off;\n{places}{servers}}}\n"
    )
    return config


def command(folder: Path, config: Path) -> list[str | Path]:
    return [PROGRAM, "-p", folder, "-e", folder / "errors", "-c", config]


def complaints(servers: str, folder: Path) -> str:
    """Give what `nginx -t` says against these `server` blocks; "" where it takes them."""
    told = subprocess.run(
        [*command(folder, written(servers, folder)), "-t"], capture_output=True, text=True, check=False
    )
    return told.stderr if told.returncode else ""


@contextmanager
def nginx(servers: str, folder: Path) -> Iterator[None]:
    """Run it with these `server` blocks; all that it writes goes to a folder."""
    process = subprocess.Popen(
        command(folder, written(servers, folder)),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)
