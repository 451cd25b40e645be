-- Counts of what the catalogue holds, so that reports need not count a million rows. They are counted right after, by
-- the rules of sql/summaries, because summary_rules is another than theirs.
ALTER TABLE ops.warehouse_version ADD COLUMN summary_rules TEXT NOT NULL DEFAULT '';
ALTER TABLE ops.warehouse_version ALTER COLUMN summary_rules DROP DEFAULT;
COMMENT ON COLUMN ops.warehouse_version.summary_rules IS 'Changes with the SQL that counts for reports: what was counted by other rules is counted anew';

CREATE TABLE ops.publication_counts (
    key_id UUID NOT NULL,
    publication_year INTEGER,
    publication_kind TEXT,
    format TEXT[],
    language TEXT[],
    sources TEXT[] NOT NULL,
    publication_count BIGINT NOT NULL,
    doi_count BIGINT NOT NULL,
    CONSTRAINT publication_counts_pkey PRIMARY KEY (key_id)
)
 WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.05);
COMMENT ON TABLE ops.publication_counts IS 'How many publications have the same year, kind, formats, languages and catalogues, a row for each such combination';
COMMENT ON COLUMN ops.publication_counts.key_id IS 'Digest of the columns that are no counts';
COMMENT ON COLUMN ops.publication_counts.publication_year IS 'Year of publication';
COMMENT ON COLUMN ops.publication_counts.publication_kind IS 'Kind of the canonical record';
COMMENT ON COLUMN ops.publication_counts.format IS 'Formats, as the canonical record has them';
COMMENT ON COLUMN ops.publication_counts.language IS 'Languages of the canonical record';
COMMENT ON COLUMN ops.publication_counts.sources IS 'The catalogues that hold it, in the order of the alphabet';
COMMENT ON COLUMN ops.publication_counts.publication_count IS 'Publications';
COMMENT ON COLUMN ops.publication_counts.doi_count IS 'Those of them with a DOI';

CREATE TABLE ops.record_counts (
    key_id UUID NOT NULL,
    source TEXT NOT NULL,
    publication_year INTEGER,
    record_count BIGINT NOT NULL,
    title_count BIGINT NOT NULL,
    author_count BIGINT NOT NULL,
    doubtful_year_count BIGINT NOT NULL,
    language_count BIGINT NOT NULL,
    format_count BIGINT NOT NULL,
    topic_count BIGINT NOT NULL,
    description_count BIGINT NOT NULL,
    container_count BIGINT NOT NULL,
    publisher_count BIGINT NOT NULL,
    doi_count BIGINT NOT NULL,
    license_count BIGINT NOT NULL,
    CONSTRAINT record_counts_pkey PRIMARY KEY (key_id)
)
 WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.05);
COMMENT ON TABLE ops.record_counts IS 'How many living records each catalogue has of each year, and how many of them have what';
COMMENT ON COLUMN ops.record_counts.key_id IS 'Digest of the columns that are no counts';
COMMENT ON COLUMN ops.record_counts.source IS 'The catalogue';
COMMENT ON COLUMN ops.record_counts.publication_year IS 'Year of publication';
COMMENT ON COLUMN ops.record_counts.record_count IS 'Living records';
COMMENT ON COLUMN ops.record_counts.title_count IS 'Those with a title';
COMMENT ON COLUMN ops.record_counts.author_count IS 'Those with a name';
COMMENT ON COLUMN ops.record_counts.doubtful_year_count IS 'Those whose year is uncertain, implausible or not what it says';
COMMENT ON COLUMN ops.record_counts.language_count IS 'Those with a language';
COMMENT ON COLUMN ops.record_counts.format_count IS 'Those with a format';
COMMENT ON COLUMN ops.record_counts.topic_count IS 'Those with a subject';
COMMENT ON COLUMN ops.record_counts.description_count IS 'Those with an abstract or summary';
COMMENT ON COLUMN ops.record_counts.container_count IS 'Those with a journal, proceedings or series';
COMMENT ON COLUMN ops.record_counts.publisher_count IS 'Those with a publisher';
COMMENT ON COLUMN ops.record_counts.doi_count IS 'Those with a valid DOI';
COMMENT ON COLUMN ops.record_counts.license_count IS 'Those with a link that names a licence';

CREATE TABLE ops.identifier_counts (
    key_id UUID NOT NULL,
    source TEXT NOT NULL,
    publication_year INTEGER,
    scheme TEXT NOT NULL,
    valid_record_count BIGINT NOT NULL,
    invalid_count BIGINT NOT NULL,
    CONSTRAINT identifier_counts_pkey PRIMARY KEY (key_id)
)
 WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.05);
COMMENT ON TABLE ops.identifier_counts IS 'How many living records of each catalogue and year have an identifier of each scheme';
COMMENT ON COLUMN ops.identifier_counts.key_id IS 'Digest of the columns that are no counts';
COMMENT ON COLUMN ops.identifier_counts.source IS 'The catalogue';
COMMENT ON COLUMN ops.identifier_counts.publication_year IS 'Year of publication';
COMMENT ON COLUMN ops.identifier_counts.scheme IS 'doi, isbn, issn ...';
COMMENT ON COLUMN ops.identifier_counts.valid_record_count IS 'Records with a valid identifier of the scheme';
COMMENT ON COLUMN ops.identifier_counts.invalid_count IS 'Identifiers of the scheme that are not well formed';

CREATE TABLE ops.link_counts (
    key_id UUID NOT NULL,
    source TEXT NOT NULL,
    host TEXT,
    kind TEXT NOT NULL,
    link_count BIGINT NOT NULL,
    record_count BIGINT NOT NULL,
    invalid_count BIGINT NOT NULL,
    CONSTRAINT link_counts_pkey PRIMARY KEY (key_id)
)
 WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.05);
COMMENT ON TABLE ops.link_counts IS 'How many links of living records lead to each host';
COMMENT ON COLUMN ops.link_counts.key_id IS 'Digest of the columns that are no counts';
COMMENT ON COLUMN ops.link_counts.source IS 'The catalogue';
COMMENT ON COLUMN ops.link_counts.host IS 'Host, lower case';
COMMENT ON COLUMN ops.link_counts.kind IS 'doi, pubmed, full_text ...';
COMMENT ON COLUMN ops.link_counts.link_count IS 'Links';
COMMENT ON COLUMN ops.link_counts.record_count IS 'Records that have any';
COMMENT ON COLUMN ops.link_counts.invalid_count IS 'Those of the links that cannot be followed as they stand';

CREATE TABLE ops.name_counts (
    key_id UUID NOT NULL,
    role TEXT NOT NULL,
    folded_name TEXT NOT NULL,
    name TEXT NOT NULL,
    publication_count BIGINT NOT NULL,
    doi_count BIGINT NOT NULL,
    CONSTRAINT name_counts_pkey PRIMARY KEY (key_id)
)
 WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.05);
COMMENT ON TABLE ops.name_counts IS 'How many publications name each container and publisher, spelling by spelling';
COMMENT ON COLUMN ops.name_counts.key_id IS 'Digest of the columns that are no counts';
COMMENT ON COLUMN ops.name_counts.role IS 'container or publisher';
COMMENT ON COLUMN ops.name_counts.folded_name IS 'The form in which spellings of a name meet, as reporting.folded_name makes it';
COMMENT ON COLUMN ops.name_counts.name IS 'The name as it is spelt';
COMMENT ON COLUMN ops.name_counts.publication_count IS 'Publications';
COMMENT ON COLUMN ops.name_counts.doi_count IS 'Those of them with a DOI';

CREATE TABLE ops.pair_counts (
    key_id UUID NOT NULL,
    verdict TEXT NOT NULL,
    rule TEXT NOT NULL,
    reason TEXT NOT NULL,
    score FLOAT(24) NOT NULL,
    pair_count BIGINT NOT NULL,
    between_sources_count BIGINT NOT NULL,
    CONSTRAINT pair_counts_pkey PRIMARY KEY (key_id)
)
 WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.05);
COMMENT ON TABLE ops.pair_counts IS 'How many pairs of records each rule has decided, for which reason';
COMMENT ON COLUMN ops.pair_counts.key_id IS 'Digest of the columns that are no counts';
COMMENT ON COLUMN ops.pair_counts.verdict IS 'duplicate, version or different';
COMMENT ON COLUMN ops.pair_counts.rule IS 'Name of the rule that decided';
COMMENT ON COLUMN ops.pair_counts.reason IS 'The reason in words';
COMMENT ON COLUMN ops.pair_counts.score IS 'Confidence of the rule, 0 to 1';
COMMENT ON COLUMN ops.pair_counts.pair_count IS 'Pairs';
COMMENT ON COLUMN ops.pair_counts.between_sources_count IS 'Those of them whose records are of two catalogues';

CREATE TABLE ops.author_counts (
    author_id BIGINT NOT NULL,
    publication_count BIGINT NOT NULL,
    work_count BIGINT NOT NULL,
    first_year INTEGER,
    last_year INTEGER,
    CONSTRAINT author_counts_pkey PRIMARY KEY (author_id)
)
 WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.05);
COMMENT ON TABLE ops.author_counts IS 'How much each heading is credited with by living records; one that none credits is not here';
COMMENT ON COLUMN ops.author_counts.author_id IS 'The heading';
COMMENT ON COLUMN ops.author_counts.publication_count IS 'Publications that living records credit it with';
COMMENT ON COLUMN ops.author_counts.work_count IS 'Works that they credit it with';
COMMENT ON COLUMN ops.author_counts.first_year IS 'Earliest year of these records';
COMMENT ON COLUMN ops.author_counts.last_year IS 'Latest year of these records';

CREATE TABLE ops.change_counts (
    key_id UUID NOT NULL,
    warehouse_version BIGINT NOT NULL,
    change TEXT NOT NULL,
    changed_column TEXT,
    record_count BIGINT NOT NULL,
    CONSTRAINT change_counts_pkey PRIMARY KEY (key_id)
)
 WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.05);
COMMENT ON TABLE ops.change_counts IS 'How many records each version of the warehouse changed, and in which columns; kept longer than the changes themselves';
COMMENT ON COLUMN ops.change_counts.key_id IS 'Digest of the columns that are no counts';
COMMENT ON COLUMN ops.change_counts.warehouse_version IS 'Version of the warehouse that the change made';
COMMENT ON COLUMN ops.change_counts.change IS 'new, changed, ended, returned or regrouped';
COMMENT ON COLUMN ops.change_counts.changed_column IS 'A column that changed; null for all records with the change';
COMMENT ON COLUMN ops.change_counts.record_count IS 'Records';
