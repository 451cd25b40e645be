-- The dumps of which anything lies in quarantine: all, or those of a catalogue, or of a name.
SELECT
    dumps.source,
    dumps.name
FROM ops.dumps
WHERE
    (%(source)s::text IS NULL OR dumps.source = %(source)s)
    AND (%(dump)s::text IS NULL OR dumps.name = %(dump)s)
    AND EXISTS (SELECT FROM ops.quarantine WHERE quarantine.dump_id = dumps.dump_id)
ORDER BY dumps.source, dumps.name;
