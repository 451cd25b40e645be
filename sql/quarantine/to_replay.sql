-- All that lies in quarantine of a dump, or one row of it, in the order in which the dump was read.
SELECT
    quarantine.quarantine_id,
    quarantine.file,
    quarantine.member,
    quarantine.byte_offset,
    quarantine.byte_length,
    quarantine.line,
    quarantine.reason,
    quarantine.raw,
    quarantine.format,
    quarantine.part,
    quarantine.context
FROM ops.quarantine
WHERE
    quarantine.dump_id = %(dump_id)s
    AND (%(quarantine_id)s::bigint IS NULL OR quarantine.quarantine_id = %(quarantine_id)s)
ORDER BY
    STRING_TO_ARRAY(quarantine.file, '/') COLLATE "C", quarantine.member COLLATE "C", quarantine.byte_offset,
    quarantine.quarantine_id;
