-- What the planner must know of freshly filled tables: the columns that joins and filters use. Autovacuum
-- looks at the others in its own time.
ANALYZE
catalog.works (work_id),
catalog.publications (publication_id, work_id, publication_year),
catalog.records (record_id, source, publication_id, work_id, publication_year, doi, deleted_at),
catalog.authors (author_id, kind),
catalog.record_authors (record_id, author_id),
catalog.links (record_id, kind, host),
catalog.record_identifiers (record_id, scheme, value),
catalog.record_work_keys (record_id, work_key_id, kind),
ops.record_matching_keys (record_id, matching_key_id),
catalog.work_evidence (record_id_a, record_id_b, verdict);
