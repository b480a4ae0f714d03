"""Snapshots: the bytes a service gave, kept by their checksum, with a receipt for every answer.

::

    STORE/
      manifest.jsonl        one row an answer, only ever appended
      blobs/ab/cdef...      decoded bytes, named by their sha256
      quarantine/           bytes that no longer were what their name says
      lock, holder.json     one writer at a time, and who it is

Answers are stored as they came, not compressed: ``sha256sum`` and any JSON reader can then check and read a
blob without nordstat, and a store of this trade's tables stays small. An archive for passing on is compressed.
File names are lower-case hexadecimal, so that no two can collide where a file system ignores case.
"""
