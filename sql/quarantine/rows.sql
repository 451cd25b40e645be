-- What could not be read: all, or of a catalogue, a dump, or one row, where these are named.
SELECT
    quarantine.quarantine_id,
    quarantine.source,
    quarantine.dump,
    quarantine.file,
    quarantine.member,
    quarantine.byte_offset,
    quarantine.byte_length,
    quarantine.line,
    quarantine.reason
FROM reporting.quarantine
WHERE
    (%(source)s::text IS NULL OR quarantine.source = %(source)s)
    AND (%(dump)s::text IS NULL OR quarantine.dump = %(dump)s)
    AND (%(quarantine_id)s::bigint IS NULL OR quarantine.quarantine_id = %(quarantine_id)s)
ORDER BY
    quarantine.source, quarantine.dump, quarantine.file, quarantine.member, quarantine.byte_offset,
    quarantine.quarantine_id;
