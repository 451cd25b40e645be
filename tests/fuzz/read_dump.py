"""Coverage-guided fuzzing of the door of the readers: ``make fuzz [SECONDS=60]``, with atheris (libFuzzer).

Whatever the bytes of a dump are, reading them raises nothing but ``DumpError``, says a reason for all that is refused,
and gives the same documents however the stream is cut into chunks. What breaks that is left as ``var/fuzz/crash-…``;
``python -m tests.fuzz.read_dump var/fuzz/crash-…`` runs it again.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["pipelines.readers"]):
    from pipelines.readers.chunks import Chunk
    from pipelines.readers.registry import DumpError, parse_chunk, read_chunks

from tests.fuzz.seeds import small_dumps

_FOLDER = tempfile.TemporaryDirectory()
_DUMP = Path(_FOLDER.name) / "dump"

#: A cut anywhere in a small dump, and no cut.
_CHUNKS = (64, 1 << 20)


def read_dump(data: bytes) -> None:
    """Read ``data`` as a dump, and hold the readers to what they promise."""
    _DUMP.write_bytes(data)
    found = []
    for chunk_bytes in _CHUNKS:
        ids: list[str] = []
        try:
            for part in read_chunks(_DUMP, chunk_bytes):
                if not isinstance(part, Chunk):
                    assert part.reason, part
                    assert len(part.raw) <= part.length, part
                    continue
                batch = parse_chunk(part)
                ids += batch.documents.column("id").to_pylist()
                assert all(batch.quarantined.column("reason").to_pylist())
        except DumpError:
            assert not data, "only a dump without a byte is refused whole"
        assert all(identifier.strip() for identifier in ids), ids
        found.append(ids)
    assert found[0] == found[1], found


def write_seeds(corpus: Path) -> None:
    """What the fuzzer begins with: small dumps of every format."""
    corpus.mkdir(parents=True, exist_ok=True)
    for name, data in small_dumps().items():
        (corpus / name).write_bytes(data)


if __name__ == "__main__":
    # The first argument is the folder of the corpus, or a single input to be run again.
    if not Path(sys.argv[1]).is_file():
        write_seeds(Path(sys.argv[1]))
    atheris.Setup(sys.argv, read_dump)
    atheris.Fuzz()
