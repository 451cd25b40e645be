-- How many living records a catalogue has, by the counts that each load keeps.
SELECT COALESCE(SUM(record_counts.record_count), 0)::bigint
FROM ops.record_counts
WHERE record_counts.source = %(source)s;
