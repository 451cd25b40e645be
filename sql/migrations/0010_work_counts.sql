-- Counts of works, as there are of publications: those of a warehouse that has works are made with this migration.

CREATE TABLE ops.work_counts (
    key_id UUID NOT NULL,
    publications INTEGER NOT NULL,
    work_count BIGINT NOT NULL,
    record_count BIGINT NOT NULL,
    CONSTRAINT work_counts_pkey PRIMARY KEY (key_id)
)
 WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.05);
COMMENT ON TABLE ops.work_counts IS 'How many works have how many publications';
COMMENT ON COLUMN ops.work_counts.key_id IS 'Digest of the columns that are no counts';
COMMENT ON COLUMN ops.work_counts.publications IS 'Publications that each of these works has';
COMMENT ON COLUMN ops.work_counts.work_count IS 'Works that have so many';
COMMENT ON COLUMN ops.work_counts.record_count IS 'Records of these works';
