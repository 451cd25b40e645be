-- What could not be read, of a catalogue and a dump where these are named.
SELECT
    quarantine.quarantine_id,
    dumps.source,
    dumps.name AS dump,
    quarantine.file,
    quarantine.member,
    quarantine.byte_offset,
    quarantine.byte_length,
    quarantine.line,
    quarantine.reason
FROM ops.quarantine
INNER JOIN ops.dumps ON dumps.dump_id = quarantine.dump_id
WHERE
    (%(source)s::text IS NULL OR dumps.source = %(source)s)
    AND (%(dump)s::text IS NULL OR dumps.name = %(dump)s)
ORDER BY dumps.source, dumps.name, quarantine.file, quarantine.member, quarantine.byte_offset, quarantine.quarantine_id;
