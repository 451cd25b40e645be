-- Alembic's account of the migrations. In a new database it is there, made before the first migration; a warehouse of
-- version 5 gets it here.
CREATE TABLE IF NOT EXISTS ops.schema_revision (
    version_num VARCHAR(32) NOT NULL,
    CONSTRAINT schema_revision_pkc PRIMARY KEY (version_num)
);
INSERT INTO ops.schema_revision (version_num) VALUES ('5') ON CONFLICT DO NOTHING;
COMMENT ON TABLE ops.schema_revision IS 'The newest migration that the schema has seen, in one row; Alembic keeps it';
COMMENT ON COLUMN ops.schema_revision.version_num IS 'Number of the migration, the same as ops.warehouse_version.schema_version';

-- Tables into which dumps are merged are cleaned up and analysed after a delta or two, not after twenty.
--
-- By default Postgres waits until a fifth of a table is dead: at 1,000,000 records and a nightly delta of 1 % that is
-- twenty nights, in which the table and its indexes grow by a fifth that they never give back, and the planner goes
-- by statistics of a tenth ago. At 2 % the dead rows of two such nights are used again by the third. A vacuum costs a
-- scan of what changed (the visibility map tells) and of the indexes: seconds at this size, beside a load of some
-- ten. Of the threshold of 50 rows nothing is to be won: a small table is cleaned in no time.
--
-- Tables that only grow are vacuumed after 5 % of insertions (default 20 %), which is what lets index-only scans skip
-- the table and spares a large freeze later. Long texts lie in the TOAST table of catalog.records, whose settings are
-- its own.
DO $$
DECLARE
    merged text;
BEGIN
    FOREACH merged IN ARRAY ARRAY[
        'catalog.works', 'catalog.publications', 'catalog.records', 'catalog.authors', 'catalog.record_authors',
        'catalog.links', 'catalog.record_identifiers', 'catalog.record_work_keys', 'catalog.work_evidence',
        'ops.record_matching_keys', 'ops.record_sightings', 'ops.record_deletions', 'ops.record_changes'
    ] LOOP
        EXECUTE FORMAT(
            'ALTER TABLE %s SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02, '
            'autovacuum_vacuum_insert_scale_factor = 0.05)', merged::regclass
        );
    END LOOP;
END
$$;
ALTER TABLE catalog.records SET (toast.autovacuum_vacuum_scale_factor = 0.02);
