"""Frames of a dump as numbered Parquet parts, on a disk or in an object store.

A stage writes its frames part by part, from any number of processes, and then its manifest, last:
a folder without manifest is no frame. Whoever reads a stage reads the manifest first.
"""

from __future__ import annotations

import errno
import fcntl
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.fs as pafs
import pyarrow.parquet as pq

from pipelines.home import HomeError

MANIFEST: Final = "manifest.json"

#: Rows of a part held at a time where a frame is read in pieces: some megabytes of records.
ROWS_A_PIECE: Final = 4096

#: A full disk, and a used up quota.
_NO_ROOM: Final = (errno.ENOSPC, errno.EDQUOT)


class PartsError(HomeError):
    """The frames of a stage are missing, not whole, or cannot be kept; the message says what to do."""


@dataclass(frozen=True)
class Parts:
    """The folder of one stage of one dump; ``uri`` is a local path or whatever pyarrow's file systems open (s3://…)."""

    uri: str

    def _open(self) -> tuple[pafs.FileSystem, str]:
        if "://" in self.uri:
            filesystem, path = pafs.FileSystem.from_uri(self.uri)
            return filesystem, path
        return pafs.LocalFileSystem(), self.uri

    def _path(self, frame: str, part: int) -> str:
        return f"{self._open()[1]}/{frame}/part-{part:05d}.parquet"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other processes of this machine from the same dump while a stage reads or writes it.

        The lock is the kernel's and goes with the process, however that ends. An object store has none: there the
        pool of Dagster, and the manifests, which say what a frame was made from, must do. Raises :class:`PartsError`
        where nothing can be written there.
        """
        filesystem, path = self._open()
        if not isinstance(filesystem, pafs.LocalFileSystem):
            yield
            return
        lock = Path(f"{path}.lock")
        try:
            lock.parent.mkdir(parents=True, exist_ok=True)
            opened = lock.open("w")
        except OSError as error:
            raise PartsError(
                f"the frames cannot be kept in {lock.parent} ({error.strerror or error}); nothing was changed; set "
                "VUFIND_WAREHOUSE_FRAMES to a folder in which this user may write"
            ) from error
        with opened as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            yield

    @contextmanager
    def making(self) -> Iterator[None]:
        """Make the stage anew: what stands here goes, and goes again where the disk is too small for what comes.

        Raises :class:`PartsError` then, with what to do.
        """
        self.clear()
        try:
            yield
        except OSError as error:
            if error.errno not in _NO_ROOM:
                raise
            self.clear()
            raise PartsError(
                f"there is no room for the frames in {self.uri} ({error.strerror or error}); nothing was loaded; make "
                "room, or set VUFIND_WAREHOUSE_FRAMES to a folder on a larger disk, and ingest the dump again"
            ) from error

    def clear(self) -> None:
        """Delete what stands here, the manifest first, so that what is left is never taken for whole."""
        filesystem, path = self._open()
        if filesystem.get_file_info(path).type == pafs.FileType.NotFound:
            return
        manifest = f"{path}/{MANIFEST}"
        if filesystem.get_file_info(manifest).type == pafs.FileType.File:
            filesystem.delete_file(manifest)
        filesystem.delete_dir(path)

    def write(self, frame: str, part: int, table: pa.Table) -> None:
        """Write one part of a frame. lz4 costs a third of zstd's time, and these files live a day."""
        filesystem, path = self._open()
        filesystem.create_dir(f"{path}/{frame}", recursive=True)
        pq.write_table(
            table,
            self._path(frame, part),
            filesystem=filesystem,
            compression="lz4",
            use_dictionary=False,
            write_statistics=False,
        )

    def read(self, frame: str, part: int, columns: Sequence[str] | None = None) -> pa.Table:
        """Read one part of a frame, or only some of its columns."""
        return pq.read_table(
            self._path(frame, part),
            columns=None if columns is None else list(columns),
            filesystem=self._open()[0],
            partitioning=None,
        )

    def tables(self, frame: str, columns: Sequence[str] | None = None) -> Iterator[tuple[int, pa.Table]]:
        """Every part of a frame with its number, in order, one in memory at a time."""
        for part in range(int(self.manifest()["parts"])):
            yield part, self.read(frame, part, columns)

    def pieces(self, frame: str, columns: Sequence[str] | None = None) -> Iterator[tuple[int, pa.Table]]:
        """Every part of a frame with its number, in order, in pieces of ROWS_A_PIECE: for frames with long texts.

        A part without rows has one piece without rows.
        """
        filesystem, _ = self._open()
        for part in range(int(self.manifest()["parts"])):
            with (
                filesystem.open_input_file(self._path(frame, part)) as source,
                pq.ParquetFile(source) as file,
            ):
                chosen = None if columns is None else list(columns)
                if not file.metadata.num_rows:
                    yield part, file.read(columns=chosen)
                # One thread: a piece is too small to be worth handing over.
                for batch in file.iter_batches(ROWS_A_PIECE, columns=chosen, use_threads=False):
                    yield part, pa.Table.from_batches([batch])

    def write_batches(self, frame: str, part: int, schema: pa.Schema, batches: Iterable[pa.Table]) -> None:
        """Write one part of a frame as numbered batches of ``schema``, some of them empty, to be read one by one.

        In Arrow's own file format: for what is read once, soon, and by the batch.
        """
        filesystem, path = self._open()
        filesystem.create_dir(f"{path}/{frame}", recursive=True)
        with (
            filesystem.open_output_stream(f"{path}/{frame}/part-{part:05d}.arrow") as sink,
            pa.ipc.new_file(sink, schema) as writer,
        ):
            for batch in batches:
                columns = [column.combine_chunks() for column in batch.columns]
                writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=schema))

    def read_batch(self, frame: str, part: int, batch: int) -> pa.Table:
        """One batch of what :meth:`write_batches` wrote."""
        filesystem, path = self._open()
        with filesystem.open_input_file(f"{path}/{frame}/part-{part:05d}.arrow") as source:
            return pa.Table.from_batches([pa.ipc.open_file(source).get_batch(batch)])

    def commit(self, manifest: dict[str, Any]) -> None:
        """Declare the stage whole. ``manifest`` holds at least ``parts``, the number of parts."""
        filesystem, path = self._open()
        filesystem.create_dir(path, recursive=True)
        with filesystem.open_output_stream(f"{path}/{MANIFEST}.new") as stream:
            stream.write(json.dumps(manifest, sort_keys=True).encode())
        filesystem.move(f"{path}/{MANIFEST}.new", f"{path}/{MANIFEST}")

    def manifest(self) -> dict[str, Any]:
        """The manifest; raises :class:`PartsError` where the stage did not end."""
        found = self.manifest_if_whole()
        if found is None:
            raise PartsError(f"{self.uri}: the frames are missing or not whole; run the stage that writes them again")
        return found

    def manifest_if_whole(self) -> dict[str, Any] | None:
        """The manifest, or None where the stage never ended."""
        filesystem, path = self._open()
        if filesystem.get_file_info(f"{path}/{MANIFEST}").type != pafs.FileType.File:
            return None
        with filesystem.open_input_stream(f"{path}/{MANIFEST}") as stream:
            found: dict[str, Any] = json.loads(stream.read())
            return found
