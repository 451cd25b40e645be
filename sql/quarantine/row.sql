-- One thing that could not be read, with the bytes that were kept of it.
SELECT
    quarantine.quarantine_id,
    dumps.source,
    dumps.name AS dump,
    quarantine.file,
    quarantine.member,
    quarantine.byte_offset,
    quarantine.byte_length,
    quarantine.line,
    quarantine.reason,
    quarantine.raw
FROM ops.quarantine
INNER JOIN ops.dumps ON dumps.dump_id = quarantine.dump_id
WHERE quarantine.quarantine_id = %(quarantine_id)s;
