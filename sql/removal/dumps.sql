-- The dumps of a catalogue that are in, in the order in which they apply, with where each was read, by which rules, and
-- how many records it held.
SELECT
    dumps.dump_id,
    dumps.name,
    dumps.kind,
    dumps.path,
    dumps.sha256,
    dumps.bytes,
    dumps.rules_version,
    dumps.records_new + dumps.records_changed + dumps.records_unchanged + dumps.records_outdated AS records_held
FROM ops.dumps
WHERE dumps.source = %(source)s AND dumps.kind <> 'removed'
ORDER BY dumps.name;
