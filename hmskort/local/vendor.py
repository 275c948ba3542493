"""Fetches the front end's third-party files into `static/vendor/`, each at an exact version.

    python3 -m hmskort.local.vendor            fetch, build the theme, write the lock
    python3 -m hmskort.local.vendor --check    compare the files with the lock, offline

Needs npm only to fetch; serving and checking need neither npm nor Node. The lock holds names,
versions and hashes. Standard library only.
"""

import argparse
import base64
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
VENDOR = ROOT / "static" / "vendor"
LOCK = VENDOR / "vendor.lock.json"
THEME = Path(__file__).with_name("theme.json")
ICONS = Path(__file__).with_name("icons.txt")
ICON_LICENCE = Path(__file__).with_name("aksel-icons.LICENSE")


@dataclass(frozen=True)
class Package:
    """One npm package and which of its files are kept, as {path in package: path in vendor}."""

    name: str
    version: str
    files: dict[str, str]


DESIGNSYSTEMET = Package(
    "@digdir/designsystemet-css",
    "1.22.0",
    {
        "dist/src/index.css": "designsystemet/designsystemet.css",
        "LICENSE": "designsystemet/LICENSE",
    },
)
INTER = Package(
    "@fontsource-variable/inter",
    "5.3.0",
    {
        "files/inter-latin-wght-normal.woff2": "inter/inter-latin.woff2",
        "files/inter-latin-ext-wght-normal.woff2": "inter/inter-latin-ext.woff2",
        "LICENSE": "inter/LICENSE",
    },
)
HTMX = Package(
    "htmx.org",
    "2.0.11",
    {"dist/htmx.min.js": "htmx/htmx.min.js", "LICENSE": "htmx/LICENSE"},
)
AKSEL_ICONS = Package("@navikt/aksel-icons", "8.16.2", {})
THEME_BUILDER = Package("@digdir/designsystemet", "1.15.0", {})
PACKAGES = (DESIGNSYSTEMET, INTER, HTMX, AKSEL_ICONS)

SOURCE_MAP = re.compile(rb"(?m)^\s*(//|/\*)# sourceMappingURL=.*$")
PATHS = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)


def main() -> int:
    """Run the command; 0 when the vendored files are as the lock says."""
    parser = argparse.ArgumentParser(prog="hmskort.local.vendor", description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare only, offline")
    if not parser.parse_args().check:
        fetch()
    faults = compare()
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


def fetch() -> None:
    """Replace `static/vendor/` by freshly fetched files and write the lock."""
    with tempfile.TemporaryDirectory() as workplace:
        work, fresh = Path(workplace), Path(workplace) / "vendor"
        packages = [add_package(package, work=work, into=fresh) for package in PACKAGES]
        packages.append(add_theme(work=work, into=fresh))
        shutil.rmtree(VENDOR, ignore_errors=True)
        shutil.copytree(fresh, VENDOR)
    write_lock(packages)


def add_package(package: Package, *, work: Path, into: Path) -> dict[str, str]:
    """Copy the package's chosen files below `into`; its line for the lock."""
    packed = json.loads(
        run("npm", "pack", "--json", f"{package.name}@{package.version}", cwd=work)
    )[0]
    source = unpack(work / packed["filename"])
    for origin, target in package.files.items():
        write(into / target, without_source_map((source / origin).read_bytes()))
    if package is AKSEL_ICONS:
        write(into / "aksel-icons/sprite.svg", sprite(source / "dist" / "svg").encode())
        write(into / "aksel-icons/LICENSE", ICON_LICENCE.read_bytes())
    return {"name": package.name, "version": package.version, "integrity": packed["integrity"]}


def add_theme(*, work: Path, into: Path) -> dict[str, str]:
    """Build light and dark colours, type and radius from `theme.json`; its line for the lock."""
    builder = f"{THEME_BUILDER.name}@{THEME_BUILDER.version}"
    shutil.copy(THEME, work / "theme.json")
    call = ("npm", "exec", "--yes", f"--package={builder}", "--", "designsystemet", "tokens")
    run(*call, "create", "--config", "theme.json", cwd=work)
    run(*call, "build", "-t", "tokens", "-o", "built", "--config", "theme.json", cwd=work)
    (built,) = (work / "built").glob("hmskort.css")
    write(into / "theme/hmskort.css", built.read_bytes())
    return {"name": THEME_BUILDER.name, "version": THEME_BUILDER.version}


def sprite(folder: Path) -> str:
    """One SVG file with the icons named in `icons.txt`, each as a symbol of that name."""
    symbols = [symbol(folder, name) for name in icon_names()]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" fill="currentColor">\n'
        + "\n".join(symbols)
        + "\n</svg>\n"
    )


def symbol(folder: Path, name: str) -> str:
    """The icon as a `<symbol>`. Names are the package's in kebab case: HardHat -> hard-hat."""
    file = folder / ("".join(part.capitalize() for part in name.split("-")) + ".svg")
    found = PATHS.search(file.read_text(encoding="utf-8"))
    if not found:
        raise SystemExit(f"{file.name} is not the SVG it was thought to be")
    return f'<symbol id="{name}" viewBox="0 0 24 24">{found[1].strip()}</symbol>'


def icon_names() -> list[str]:
    """The icons that the portal uses, sorted."""
    return sorted(ICONS.read_text(encoding="utf-8").split())


def without_source_map(content: bytes) -> bytes:
    """The file without its pointer to a source map, which would stop `collectstatic`."""
    return SOURCE_MAP.sub(b"", content)


def unpack(archive: Path) -> Path:
    """The folder of the package's files."""
    target = archive.with_suffix("")
    with tarfile.open(archive) as packed:
        packed.extractall(target, filter="data")
    return target / "package"


def write(path: Path, content: bytes) -> None:
    """Write the file and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def run(*command: str, cwd: Path) -> str:
    """What the command printed. Stops with its complaint when it fails."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr}")
    return done.stdout


def write_lock(packages: list[dict[str, str]]) -> None:
    """Write names, versions and hashes."""
    lock = {"packages": packages, "files": hashes()}
    LOCK.write_text(json.dumps(lock, indent=2) + "\n", encoding="utf-8")


def hashes() -> dict[str, str]:
    """{path: sha384} of every vendored file, the lock itself left out."""
    files = sorted(path for path in VENDOR.rglob("*") if path.is_file() and path != LOCK)
    return {path.relative_to(VENDOR).as_posix(): sha384(path) for path in files}


def sha384(path: Path) -> str:
    """The hash as browsers write it in an integrity attribute."""
    return "sha384-" + base64.b64encode(hashlib.sha384(path.read_bytes()).digest()).decode()


def compare() -> list[str]:
    """What differs between the files and the lock; nothing when all is well."""
    locked: dict[str, Any] = json.loads(LOCK.read_text(encoding="utf-8"))["files"]
    found = hashes()
    return [
        f"static/vendor/{path}: "
        + (
            "missing"
            if path not in found
            else "not in the lock"
            if path not in locked
            else "changed"
        )
        for path in sorted(locked.keys() | found.keys())
        if locked.get(path) != found.get(path)
    ]


if __name__ == "__main__":
    sys.exit(main())
