-- The schema as first released, version 5. What is released stays as it is: change it by a further migration.
--
-- Tables come without their foreign keys, which refer to each other in a circle and stand at the end.

CREATE SCHEMA IF NOT EXISTS catalog;
COMMENT ON SCHEMA catalog IS 'The catalogue: records as delivered, the publications they describe, and their works';

CREATE SCHEMA IF NOT EXISTS reporting;
COMMENT ON SCHEMA reporting IS 'Views that answer questions about the catalogue';

CREATE SCHEMA IF NOT EXISTS ops;
COMMENT ON SCHEMA ops IS 'Bookkeeping: dumps, loads, quarantine';

CREATE TABLE catalog.works (
    work_id BIGINT NOT NULL,
    canonical_publication_id BIGINT NOT NULL,
    title TEXT,
    first_year INTEGER,
    last_year INTEGER,
    author_names TEXT[],
    publication_count INTEGER NOT NULL,
    record_count INTEGER NOT NULL,
    CONSTRAINT works_pkey PRIMARY KEY (work_id)
);
COMMENT ON TABLE catalog.works IS 'One work a row: what its publications (preprint and article, editions, conference and journal version) have in common';
COMMENT ON COLUMN catalog.works.work_id IS 'The record_id of the founding record: of its members the one first held by the earliest dump';
COMMENT ON COLUMN catalog.works.canonical_publication_id IS 'The publication that speaks for the work: most records, then earliest year';
COMMENT ON COLUMN catalog.works.title IS 'Title of the canonical publication';
COMMENT ON COLUMN catalog.works.first_year IS 'Earliest year of its publications';
COMMENT ON COLUMN catalog.works.last_year IS 'Latest year of its publications';
COMMENT ON COLUMN catalog.works.author_names IS 'Author names of the canonical publication, in order';
COMMENT ON COLUMN catalog.works.publication_count IS 'Number of its publications';
COMMENT ON COLUMN catalog.works.record_count IS 'Number of its records';
CREATE INDEX works_canonical_publication_id_index ON catalog.works (canonical_publication_id);

CREATE TABLE catalog.publications (
    publication_id BIGINT NOT NULL,
    work_id BIGINT NOT NULL,
    canonical_record_id BIGINT NOT NULL,
    title TEXT,
    publication_year INTEGER,
    doi TEXT,
    container_title TEXT,
    format TEXT[],
    author_names TEXT[],
    record_count INTEGER NOT NULL,
    source_count INTEGER NOT NULL,
    field_sources JSONB,
    CONSTRAINT publications_pkey PRIMARY KEY (publication_id)
);
COMMENT ON TABLE catalog.publications IS 'One publication a row: what was published once, its duplicate records made one';
COMMENT ON COLUMN catalog.publications.publication_id IS 'The record_id of the founding record: of its members the one first held by the earliest dump';
COMMENT ON COLUMN catalog.publications.work_id IS 'The work it belongs to';
COMMENT ON COLUMN catalog.publications.canonical_record_id IS 'The record that speaks for the publication: of a trusted source, else the best filled, then the newest';
COMMENT ON COLUMN catalog.publications.title IS 'Title of the canonical record, else of the next that has one';
COMMENT ON COLUMN catalog.publications.publication_year IS 'Year of the canonical record, else of the next that has one';
COMMENT ON COLUMN catalog.publications.doi IS 'DOI of the canonical record, else of the next that has one';
COMMENT ON COLUMN catalog.publications.container_title IS 'Journal, proceedings or series it appeared in';
COMMENT ON COLUMN catalog.publications.format IS 'Formats as the canonical record has them';
COMMENT ON COLUMN catalog.publications.author_names IS 'Author names in order';
COMMENT ON COLUMN catalog.publications.record_count IS 'Number of records that describe it';
COMMENT ON COLUMN catalog.publications.source_count IS 'Number of catalogues that hold it';
COMMENT ON COLUMN catalog.publications.field_sources IS 'The record_id that each field comes from which the canonical record lacks; null where it lacks none';
CREATE INDEX publications_canonical_record_id_index ON catalog.publications (canonical_record_id);
CREATE INDEX publications_work_id_index ON catalog.publications (work_id);

CREATE TABLE catalog.records (
    record_id BIGINT NOT NULL,
    source TEXT NOT NULL,
    source_record_id TEXT NOT NULL,
    publication_id BIGINT,
    work_id BIGINT,
    title TEXT,
    title_short TEXT,
    title_sort TEXT,
    subtitle TEXT,
    description TEXT,
    description_hash BIGINT,
    format TEXT[],
    publication_kind TEXT,
    language TEXT[],
    publication_year INTEGER,
    publication_year_note TEXT,
    publication_date DATE,
    publisher TEXT,
    container_title TEXT,
    volume TEXT,
    issue TEXT,
    start_page TEXT,
    edition TEXT,
    series TEXT[],
    topics TEXT[],
    institution TEXT,
    collection TEXT,
    record_format TEXT,
    license_url TEXT,
    doi TEXT,
    author_names TEXT[],
    extra JSONB,
    content_hash BIGINT NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    deleted_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT records_pkey PRIMARY KEY (record_id),
    CONSTRAINT records_source_source_record_id_key UNIQUE (source, source_record_id)
);
COMMENT ON TABLE catalog.records IS 'One catalogue record a row, in its newest version';
COMMENT ON COLUMN catalog.records.record_id IS 'Signed 64-bit xxh3 of source and source_record_id';
COMMENT ON COLUMN catalog.records.source IS 'The catalogue';
COMMENT ON COLUMN catalog.records.source_record_id IS 'The id of the record in its catalogue (VuFind id)';
COMMENT ON COLUMN catalog.records.publication_id IS 'The publication it describes; null once the record has ended';
COMMENT ON COLUMN catalog.records.work_id IS 'The work it belongs to; null once the record has ended';
COMMENT ON COLUMN catalog.records.title IS 'Full title';
COMMENT ON COLUMN catalog.records.title_short IS 'Title without subtitle';
COMMENT ON COLUMN catalog.records.title_sort IS 'Title as the catalogue sorts it';
COMMENT ON COLUMN catalog.records.subtitle IS 'Subtitle';
COMMENT ON COLUMN catalog.records.description IS 'Abstract or summary';
COMMENT ON COLUMN catalog.records.description_hash IS 'xxh3 of the letters and digits of the description, by which one abstract is known; null where they are few';
COMMENT ON COLUMN catalog.records.format IS 'Formats as the catalogue names them';
COMMENT ON COLUMN catalog.records.publication_kind IS 'Kind derived from the formats: article, conference_paper, preprint, book ...';
COMMENT ON COLUMN catalog.records.language IS 'Languages as ISO 639-3 codes';
COMMENT ON COLUMN catalog.records.publication_year IS 'Year of publication, Gregorian';
COMMENT ON COLUMN catalog.records.publication_year_note IS 'What is to be known of the year: uncertain, range, copyright, not_gregorian, implausible ...';
COMMENT ON COLUMN catalog.records.publication_date IS 'Day of publication where it is known';
COMMENT ON COLUMN catalog.records.publisher IS 'First publisher named';
COMMENT ON COLUMN catalog.records.container_title IS 'Journal, proceedings or series it appeared in';
COMMENT ON COLUMN catalog.records.volume IS 'Volume of the container';
COMMENT ON COLUMN catalog.records.issue IS 'Issue of the container';
COMMENT ON COLUMN catalog.records.start_page IS 'First page in the container';
COMMENT ON COLUMN catalog.records.edition IS 'Edition statement';
COMMENT ON COLUMN catalog.records.series IS 'Series';
COMMENT ON COLUMN catalog.records.topics IS 'Subjects';
COMMENT ON COLUMN catalog.records.institution IS 'Holding institution';
COMMENT ON COLUMN catalog.records.collection IS 'Collection within the catalogue';
COMMENT ON COLUMN catalog.records.record_format IS 'Format of the original record, such as marc';
COMMENT ON COLUMN catalog.records.license_url IS 'Licence, where a link names one';
COMMENT ON COLUMN catalog.records.doi IS 'First valid DOI, lower case';
COMMENT ON COLUMN catalog.records.author_names IS 'Names credited, in order, in their normalised form';
COMMENT ON COLUMN catalog.records.extra IS 'Every field of the document that has no column of its own';
COMMENT ON COLUMN catalog.records.content_hash IS 'xxh3 of what the document says and of the version of the rules';
COMMENT ON COLUMN catalog.records.changed_at IS 'When the row came or last changed';
COMMENT ON COLUMN catalog.records.deleted_at IS 'When the record ended: deleted by a dump, or lacking in a full one; null while it is alive';
CREATE INDEX records_ended_index ON catalog.records (record_id) WHERE deleted_at IS NOT NULL;
CREATE INDEX records_publication_id_index ON catalog.records (publication_id);
CREATE INDEX records_work_id_index ON catalog.records (work_id);

CREATE TABLE catalog.authors (
    author_id BIGINT NOT NULL,
    heading_key TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    family_name TEXT,
    given_names TEXT,
    suffix TEXT,
    birth_year SMALLINT,
    death_year SMALLINT,
    orcid TEXT,
    script TEXT,
    CONSTRAINT authors_pkey PRIMARY KEY (author_id)
);
COMMENT ON TABLE catalog.authors IS 'One distinct heading a row: a person, a corporate body or a meeting as catalogues name them';
COMMENT ON COLUMN catalog.authors.author_id IS 'Signed 64-bit xxh3 of heading_key';
COMMENT ON COLUMN catalog.authors.heading_key IS 'Folded form under which the spellings of one heading meet';
COMMENT ON COLUMN catalog.authors.name IS 'Heading for display, the best spelling among its credits';
COMMENT ON COLUMN catalog.authors.kind IS 'person, corporate or meeting';
COMMENT ON COLUMN catalog.authors.family_name IS 'Family name of a person';
COMMENT ON COLUMN catalog.authors.given_names IS 'Given names or initials of a person';
COMMENT ON COLUMN catalog.authors.suffix IS 'Suffix such as Jr.';
COMMENT ON COLUMN catalog.authors.birth_year IS 'Year of birth, where the heading has it';
COMMENT ON COLUMN catalog.authors.death_year IS 'Year of death, where the heading has it';
COMMENT ON COLUMN catalog.authors.orcid IS 'ORCID, where the heading has it';
COMMENT ON COLUMN catalog.authors.script IS 'ISO 15924 code of the script it is written in';
CREATE UNIQUE INDEX authors_heading_key_index ON catalog.authors (md5(heading_key));

CREATE TABLE catalog.record_authors (
    record_id BIGINT NOT NULL,
    position INTEGER NOT NULL,
    author_id BIGINT NOT NULL,
    role TEXT,
    source_field TEXT NOT NULL,
    name_as_written TEXT NOT NULL,
    CONSTRAINT record_authors_pkey PRIMARY KEY (record_id, position)
);
COMMENT ON TABLE catalog.record_authors IS 'One credit a row: a heading in a record';
COMMENT ON COLUMN catalog.record_authors.record_id IS 'The record';
COMMENT ON COLUMN catalog.record_authors.position IS 'Place in the record''s credits, from 1';
COMMENT ON COLUMN catalog.record_authors.author_id IS 'The heading credited';
COMMENT ON COLUMN catalog.record_authors.role IS 'Role, where the record states one';
COMMENT ON COLUMN catalog.record_authors.source_field IS 'Solr field the credit stands in';
COMMENT ON COLUMN catalog.record_authors.name_as_written IS 'The name as the record writes it';
CREATE INDEX record_authors_author_id_index ON catalog.record_authors (author_id);

CREATE TABLE catalog.links (
    record_id BIGINT NOT NULL,
    position INTEGER NOT NULL,
    link_id BIGINT NOT NULL,
    url TEXT NOT NULL,
    url_as_written TEXT NOT NULL,
    kind TEXT NOT NULL,
    host TEXT,
    is_valid BOOLEAN NOT NULL,
    CONSTRAINT links_pkey PRIMARY KEY (record_id, position),
    CONSTRAINT links_link_id_key UNIQUE (link_id)
);
COMMENT ON TABLE catalog.links IS 'One URL of a record a row';
COMMENT ON COLUMN catalog.links.record_id IS 'The record';
COMMENT ON COLUMN catalog.links.position IS 'Place in the record''s links, from 1';
COMMENT ON COLUMN catalog.links.link_id IS 'Signed 64-bit xxh3 of record_id and url';
COMMENT ON COLUMN catalog.links.url IS 'Canonical form (WHATWG); as written where it is broken';
COMMENT ON COLUMN catalog.links.url_as_written IS 'The URL as the record writes it';
COMMENT ON COLUMN catalog.links.kind IS 'doi, pubmed, pmc, arxiv, handle, isbn, full_text, publisher, license or other';
COMMENT ON COLUMN catalog.links.host IS 'Host, lower case';
COMMENT ON COLUMN catalog.links.is_valid IS 'Whether the URL can be followed as it stands';

CREATE TABLE catalog.record_identifiers (
    record_id BIGINT NOT NULL,
    scheme TEXT NOT NULL,
    value TEXT NOT NULL,
    value_as_written TEXT NOT NULL,
    source_field TEXT NOT NULL,
    is_valid BOOLEAN NOT NULL,
    invalid_reason TEXT,
    CONSTRAINT record_identifiers_pkey PRIMARY KEY (record_id, scheme, value)
);
COMMENT ON TABLE catalog.record_identifiers IS 'One identifier of a record a row';
COMMENT ON COLUMN catalog.record_identifiers.record_id IS 'The record';
COMMENT ON COLUMN catalog.record_identifiers.scheme IS 'doi, pmid, pmcid, arxiv, handle, orcid, isbn, issn, lccn or oclc';
COMMENT ON COLUMN catalog.record_identifiers.value IS 'Normal form; as written where it is invalid';
COMMENT ON COLUMN catalog.record_identifiers.value_as_written IS 'The identifier as the record writes it';
COMMENT ON COLUMN catalog.record_identifiers.source_field IS 'Solr field it stands in';
COMMENT ON COLUMN catalog.record_identifiers.is_valid IS 'Whether it is well formed, check digit included';
COMMENT ON COLUMN catalog.record_identifiers.invalid_reason IS 'Why it is not';
CREATE INDEX record_identifiers_scheme_value_index ON catalog.record_identifiers (scheme, value);

CREATE TABLE catalog.record_work_keys (
    record_id BIGINT NOT NULL,
    work_key_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    origin TEXT NOT NULL,
    CONSTRAINT record_work_keys_pkey PRIMARY KEY (record_id, work_key_id)
);
COMMENT ON TABLE catalog.record_work_keys IS 'One work key of a record a row: records that share one are candidates for the same work';
COMMENT ON COLUMN catalog.record_work_keys.record_id IS 'The record';
COMMENT ON COLUMN catalog.record_work_keys.work_key_id IS 'Signed 64-bit xxh3 of the key';
COMMENT ON COLUMN catalog.record_work_keys.kind IS 'AT (author and title) or UT (uniform title)';
COMMENT ON COLUMN catalog.record_work_keys.key IS 'The work key, as VuFind stores it';
COMMENT ON COLUMN catalog.record_work_keys.origin IS 'given by the catalogue, or computed here';
CREATE INDEX record_work_keys_work_key_id_index ON catalog.record_work_keys (work_key_id);

CREATE TABLE catalog.work_evidence (
    record_id_a BIGINT NOT NULL,
    record_id_b BIGINT NOT NULL,
    verdict TEXT NOT NULL,
    rule TEXT NOT NULL,
    reason TEXT NOT NULL,
    score FLOAT(24) NOT NULL,
    blocking_key TEXT,
    decided_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT work_evidence_pkey PRIMARY KEY (record_id_a, record_id_b)
);
COMMENT ON TABLE catalog.work_evidence IS 'One decided pair of records a row';
COMMENT ON COLUMN catalog.work_evidence.record_id_a IS 'The smaller record_id of the pair';
COMMENT ON COLUMN catalog.work_evidence.record_id_b IS 'The greater record_id of the pair';
COMMENT ON COLUMN catalog.work_evidence.verdict IS 'duplicate, version or different';
COMMENT ON COLUMN catalog.work_evidence.rule IS 'Name of the rule that decided';
COMMENT ON COLUMN catalog.work_evidence.reason IS 'The reason in words';
COMMENT ON COLUMN catalog.work_evidence.score IS 'Confidence of the rule, 0 to 1';
COMMENT ON COLUMN catalog.work_evidence.blocking_key IS 'A key that both records hold: a work key (AT), else a matching key; null where a person decided';
COMMENT ON COLUMN catalog.work_evidence.decided_at IS 'When it was decided';
CREATE INDEX work_evidence_record_id_b_index ON catalog.work_evidence (record_id_b);

CREATE TABLE catalog.work_overrides (
    override_id UUID NOT NULL,
    record_id_a BIGINT NOT NULL,
    record_id_b BIGINT NOT NULL,
    verdict TEXT NOT NULL,
    reason TEXT NOT NULL,
    decided_by TEXT NOT NULL,
    decided_at TIMESTAMP WITH TIME ZONE NOT NULL,
    withdrawn_by TEXT,
    withdrawn_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT work_overrides_pkey PRIMARY KEY (override_id)
);
COMMENT ON TABLE catalog.work_overrides IS 'One verdict of a person on a pair of records a row: it wins over every rule, and survives every load';
COMMENT ON COLUMN catalog.work_overrides.override_id IS 'Drawn when it was decided';
COMMENT ON COLUMN catalog.work_overrides.record_id_a IS 'The smaller record_id of the pair';
COMMENT ON COLUMN catalog.work_overrides.record_id_b IS 'The greater record_id of the pair';
COMMENT ON COLUMN catalog.work_overrides.verdict IS 'duplicate (one publication), version (one work, two publications) or different (two works)';
COMMENT ON COLUMN catalog.work_overrides.reason IS 'Why, in the words of who decided';
COMMENT ON COLUMN catalog.work_overrides.decided_by IS 'Who';
COMMENT ON COLUMN catalog.work_overrides.decided_at IS 'When';
COMMENT ON COLUMN catalog.work_overrides.withdrawn_by IS 'Who took it back; null while it is in force';
COMMENT ON COLUMN catalog.work_overrides.withdrawn_at IS 'When it was taken back; null while it is in force';
CREATE UNIQUE INDEX work_overrides_pair_in_force_index ON catalog.work_overrides (record_id_a, record_id_b) WHERE withdrawn_at IS NULL;

CREATE TABLE catalog.work_redirects (
    level TEXT NOT NULL,
    old_id BIGINT NOT NULL,
    new_id BIGINT NOT NULL,
    redirected_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT work_redirects_pkey PRIMARY KEY (level, old_id)
);
COMMENT ON TABLE catalog.work_redirects IS 'Former ids of publications and works, and what they mean now';
COMMENT ON COLUMN catalog.work_redirects.level IS 'publication or work';
COMMENT ON COLUMN catalog.work_redirects.old_id IS 'An id that was in use';
COMMENT ON COLUMN catalog.work_redirects.new_id IS 'The id that took its place';
COMMENT ON COLUMN catalog.work_redirects.redirected_at IS 'When';
CREATE INDEX work_redirects_new_id_index ON catalog.work_redirects (new_id);

CREATE TABLE ops.dumps (
    dump_id BIGINT NOT NULL,
    source TEXT NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    kind TEXT NOT NULL,
    path TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    records_read BIGINT NOT NULL,
    records_new BIGINT NOT NULL,
    records_changed BIGINT NOT NULL,
    records_unchanged BIGINT NOT NULL,
    records_outdated BIGINT NOT NULL,
    records_repeated BIGINT NOT NULL,
    records_deleted BIGINT NOT NULL,
    records_quarantined BIGINT NOT NULL,
    deletions BIGINT NOT NULL,
    publications BIGINT NOT NULL,
    works BIGINT NOT NULL,
    merges BIGINT NOT NULL,
    value_cuts JSONB NOT NULL,
    missing TEXT,
    rules_version TEXT NOT NULL,
    icu_version TEXT NOT NULL,
    loaded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT dumps_pkey PRIMARY KEY (dump_id),
    CONSTRAINT dumps_source_name_key UNIQUE (source, name)
);
COMMENT ON TABLE ops.dumps IS 'One dump a row, with the counts of its last load that was not a mere repetition';
COMMENT ON COLUMN ops.dumps.dump_id IS 'Signed 64-bit xxh3 of source and name';
COMMENT ON COLUMN ops.dumps.source IS 'The catalogue';
COMMENT ON COLUMN ops.dumps.name IS 'Name of the dump; dumps of a source apply in the order of their names';
COMMENT ON COLUMN ops.dumps.kind IS 'delta (adds and changes) or full (what it lacks has ended)';
COMMENT ON COLUMN ops.dumps.path IS 'Where it was read from';
COMMENT ON COLUMN ops.dumps.sha256 IS 'Of its bytes';
COMMENT ON COLUMN ops.dumps.bytes IS 'Its size as delivered';
COMMENT ON COLUMN ops.dumps.records_read IS 'Documents read, those in quarantine included';
COMMENT ON COLUMN ops.dumps.records_new IS 'Records not seen before';
COMMENT ON COLUMN ops.dumps.records_changed IS 'Records whose content changed';
COMMENT ON COLUMN ops.dumps.records_unchanged IS 'Records whose content stayed the same';
COMMENT ON COLUMN ops.dumps.records_outdated IS 'Records of which a later dump has already brought a newer version';
COMMENT ON COLUMN ops.dumps.records_repeated IS 'Earlier occurrences of an id that stands again later in the dump';
COMMENT ON COLUMN ops.dumps.records_deleted IS 'Records ended because the dump says they are deleted, or is a full one and no longer holds them';
COMMENT ON COLUMN ops.dumps.records_quarantined IS 'What could not be read';
COMMENT ON COLUMN ops.dumps.deletions IS 'Statements of the dump that a record is deleted, whether it was known and alive or not';
COMMENT ON COLUMN ops.dumps.publications IS 'Publications in the warehouse after the load';
COMMENT ON COLUMN ops.dumps.works IS 'Works in the warehouse after the load';
COMMENT ON COLUMN ops.dumps.merges IS 'Former publications and works that the load joined to another';
COMMENT ON COLUMN ops.dumps.value_cuts IS 'How run-together values of pages as text were cut: fields, each with its records by mark (exact, inferred, uncut); empty for other formats';
COMMENT ON COLUMN ops.dumps.missing IS 'Why it is not the whole of what a server had to give, and so ends nothing; null where nothing says so';
COMMENT ON COLUMN ops.dumps.rules_version IS 'Versions of readers and rules that read it';
COMMENT ON COLUMN ops.dumps.icu_version IS 'Version of ICU that folded its work keys';
COMMENT ON COLUMN ops.dumps.loaded_at IS 'When it was loaded last';

CREATE TABLE ops.work_key_profiles (
    dump_id BIGINT NOT NULL,
    profile TEXT NOT NULL,
    records_with_keys BIGINT NOT NULL,
    records_following BIGINT NOT NULL,
    records_equal BIGINT NOT NULL,
    examples TEXT[] NOT NULL,
    CONSTRAINT work_key_profiles_pkey PRIMARY KEY (dump_id, profile)
);
COMMENT ON TABLE ops.work_key_profiles IS 'Work keys that the records of a dump bring, against those that each profile makes of the records';
COMMENT ON COLUMN ops.work_key_profiles.dump_id IS 'The dump';
COMMENT ON COLUMN ops.work_key_profiles.profile IS 'How keys are made: vufind_marc, vufind_xslt or recordmanager; none for the records that follow none of them';
COMMENT ON COLUMN ops.work_key_profiles.records_with_keys IS 'Records of the dump that bring work keys';
COMMENT ON COLUMN ops.work_key_profiles.records_following IS 'Those of them all of whose keys the profile makes; a record may follow several';
COMMENT ON COLUMN ops.work_key_profiles.records_equal IS 'Those of them that bring every key that the profile makes as well';
COMMENT ON COLUMN ops.work_key_profiles.examples IS 'Of the profile none: some records, each with a key that it brings';

CREATE TABLE ops.loads (
    warehouse_version BIGINT NOT NULL,
    dump_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    records_read BIGINT NOT NULL,
    records_new BIGINT NOT NULL,
    records_changed BIGINT NOT NULL,
    records_unchanged BIGINT NOT NULL,
    records_outdated BIGINT NOT NULL,
    records_repeated BIGINT NOT NULL,
    records_deleted BIGINT NOT NULL,
    records_quarantined BIGINT NOT NULL,
    deletions BIGINT NOT NULL,
    publications BIGINT NOT NULL,
    works BIGINT NOT NULL,
    merges BIGINT NOT NULL,
    extract_seconds FLOAT,
    normalize_seconds FLOAT,
    deduplicate_seconds FLOAT,
    load_seconds FLOAT,
    loaded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT loads_pkey PRIMARY KEY (warehouse_version)
);
COMMENT ON TABLE ops.loads IS 'One load a row, repetitions included: the history of the warehouse';
COMMENT ON COLUMN ops.loads.warehouse_version IS 'Version of the warehouse that the load made';
COMMENT ON COLUMN ops.loads.dump_id IS 'The dump loaded';
COMMENT ON COLUMN ops.loads.kind IS 'delta or full, as this load took it; replay, where what had been quarantined was read again';
COMMENT ON COLUMN ops.loads.records_read IS 'Documents read, those in quarantine included';
COMMENT ON COLUMN ops.loads.records_new IS 'Records not seen before';
COMMENT ON COLUMN ops.loads.records_changed IS 'Records whose content changed';
COMMENT ON COLUMN ops.loads.records_unchanged IS 'Records whose content stayed the same';
COMMENT ON COLUMN ops.loads.records_outdated IS 'Records of which a later dump has already brought a newer version';
COMMENT ON COLUMN ops.loads.records_repeated IS 'Earlier occurrences of an id that stands again later in the dump';
COMMENT ON COLUMN ops.loads.records_deleted IS 'Records ended because the dump says they are deleted, or is a full one and no longer holds them';
COMMENT ON COLUMN ops.loads.records_quarantined IS 'What could not be read';
COMMENT ON COLUMN ops.loads.deletions IS 'Statements of the dump that a record is deleted, whether it was known and alive or not';
COMMENT ON COLUMN ops.loads.publications IS 'Publications in the warehouse after the load';
COMMENT ON COLUMN ops.loads.works IS 'Works in the warehouse after the load';
COMMENT ON COLUMN ops.loads.merges IS 'Former publications and works that the load joined to another';
COMMENT ON COLUMN ops.loads.extract_seconds IS 'Time to read the dump';
COMMENT ON COLUMN ops.loads.normalize_seconds IS 'Time to normalise it';
COMMENT ON COLUMN ops.loads.deduplicate_seconds IS 'Time to find publications and works';
COMMENT ON COLUMN ops.loads.load_seconds IS 'Time to load it, from holding the lock to the commit, deduplicating again included; null for a repetition';
COMMENT ON COLUMN ops.loads.loaded_at IS 'When';
CREATE INDEX loads_dump_id_index ON ops.loads (dump_id);

CREATE TABLE ops.quarantine (
    quarantine_id BIGINT NOT NULL,
    dump_id BIGINT NOT NULL,
    file TEXT NOT NULL,
    member TEXT NOT NULL,
    byte_offset BIGINT NOT NULL,
    byte_length BIGINT NOT NULL,
    line BIGINT NOT NULL,
    reason TEXT NOT NULL,
    raw BYTEA NOT NULL,
    format TEXT NOT NULL,
    part TEXT NOT NULL,
    context BYTEA NOT NULL,
    quarantined_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT quarantine_pkey PRIMARY KEY (quarantine_id)
);
COMMENT ON TABLE ops.quarantine IS 'What could not be read, with all that is needed to find and replay it';
COMMENT ON COLUMN ops.quarantine.quarantine_id IS 'Signed 64-bit xxh3 of dump, file, member, offset and reason';
COMMENT ON COLUMN ops.quarantine.dump_id IS 'The dump';
COMMENT ON COLUMN ops.quarantine.file IS 'File, relative to the dump';
COMMENT ON COLUMN ops.quarantine.member IS 'Member of the archive; empty for none';
COMMENT ON COLUMN ops.quarantine.byte_offset IS 'Where it begins in the decompressed file or member';
COMMENT ON COLUMN ops.quarantine.byte_length IS 'How long it is';
COMMENT ON COLUMN ops.quarantine.line IS 'Line, from 1; 0 where lines mean nothing';
COMMENT ON COLUMN ops.quarantine.reason IS 'Why it could not be read';
COMMENT ON COLUMN ops.quarantine.raw IS 'The bytes themselves';
COMMENT ON COLUMN ops.quarantine.format IS 'The format whose reader refused it; empty where no reader knew the file';
COMMENT ON COLUMN ops.quarantine.part IS 'What the bytes are: a record, a stretch of a file in which no record was found, a file of no known format, torn, where the file broke off or an archive refused it, or passed, where it only counts what was passed over';
COMMENT ON COLUMN ops.quarantine.context IS 'Bytes that stand elsewhere in the file and without which it cannot be read, such as the header of a CSV';
COMMENT ON COLUMN ops.quarantine.quarantined_at IS 'When';
CREATE INDEX quarantine_dump_id_index ON ops.quarantine (dump_id);

CREATE TABLE ops.record_matching_keys (
    matching_key_id BIGINT NOT NULL,
    record_id BIGINT NOT NULL,
    CONSTRAINT record_matching_keys_pkey PRIMARY KEY (matching_key_id, record_id)
);
COMMENT ON TABLE ops.record_matching_keys IS 'Under which keys a record meets others beside its work keys; recomputed from the record, so only numbers';
COMMENT ON COLUMN ops.record_matching_keys.matching_key_id IS 'Signed 64-bit xxh3 of the key';
COMMENT ON COLUMN ops.record_matching_keys.record_id IS 'The record';
CREATE INDEX record_matching_keys_record_id_index ON ops.record_matching_keys (record_id);

CREATE TABLE ops.record_sightings (
    record_id BIGINT NOT NULL,
    first_dump_id BIGINT NOT NULL,
    last_dump_id BIGINT NOT NULL,
    file TEXT NOT NULL,
    member TEXT NOT NULL,
    byte_offset BIGINT NOT NULL,
    byte_length BIGINT NOT NULL,
    CONSTRAINT record_sightings_pkey PRIMARY KEY (record_id)
);
COMMENT ON TABLE ops.record_sightings IS 'Which dumps hold a record, and where; kept apart so that a nightly full dump need not rewrite unchanged records';
COMMENT ON COLUMN ops.record_sightings.record_id IS 'The record';
COMMENT ON COLUMN ops.record_sightings.first_dump_id IS 'The earliest dump, by name, that holds it';
COMMENT ON COLUMN ops.record_sightings.last_dump_id IS 'The latest dump, by name, that holds it';
COMMENT ON COLUMN ops.record_sightings.file IS 'Where it stands in the latest dump: file';
COMMENT ON COLUMN ops.record_sightings.member IS 'Member of the archive; empty for none';
COMMENT ON COLUMN ops.record_sightings.byte_offset IS 'Where it begins in the decompressed file or member';
COMMENT ON COLUMN ops.record_sightings.byte_length IS 'How long it is';

CREATE TABLE ops.record_deletions (
    record_id BIGINT NOT NULL,
    dump_id BIGINT NOT NULL,
    source_record_id TEXT NOT NULL,
    file TEXT NOT NULL,
    member TEXT NOT NULL,
    byte_offset BIGINT NOT NULL,
    byte_length BIGINT NOT NULL,
    CONSTRAINT record_deletions_pkey PRIMARY KEY (record_id, dump_id)
);
COMMENT ON TABLE ops.record_deletions IS 'Which dumps say of which records that they are deleted: such a record has ended until a later dump holds it';
COMMENT ON COLUMN ops.record_deletions.record_id IS 'The record, which need not be known';
COMMENT ON COLUMN ops.record_deletions.dump_id IS 'The dump that says so';
COMMENT ON COLUMN ops.record_deletions.source_record_id IS 'The id of the record in its catalogue';
COMMENT ON COLUMN ops.record_deletions.file IS 'Where it says so: file, relative to the dump';
COMMENT ON COLUMN ops.record_deletions.member IS 'Member of the archive; empty for none';
COMMENT ON COLUMN ops.record_deletions.byte_offset IS 'Where it begins in the decompressed file or member';
COMMENT ON COLUMN ops.record_deletions.byte_length IS 'How long it is';
CREATE INDEX record_deletions_dump_id_index ON ops.record_deletions (dump_id);

CREATE TABLE ops.record_changes (
    warehouse_version BIGINT NOT NULL,
    record_id BIGINT NOT NULL,
    change TEXT NOT NULL,
    changed_columns JSONB,
    publication_id_before BIGINT,
    publication_id BIGINT,
    work_id_before BIGINT,
    work_id BIGINT,
    CONSTRAINT record_changes_pkey PRIMARY KEY (warehouse_version, record_id)
);
COMMENT ON TABLE ops.record_changes IS 'What each change of the warehouse did to a record; of a first load, with which all came, there are no rows';
COMMENT ON COLUMN ops.record_changes.warehouse_version IS 'Version of the warehouse that the change made';
COMMENT ON COLUMN ops.record_changes.record_id IS 'The record';
COMMENT ON COLUMN ops.record_changes.change IS 'new, changed, ended, returned, or regrouped where only its publication or work is another';
COMMENT ON COLUMN ops.record_changes.changed_columns IS 'Columns of catalog.records whose value is another, and links, identifiers, credits and work_keys, each with the old and the new value; null where none is';
COMMENT ON COLUMN ops.record_changes.publication_id_before IS 'The publication it was of; null for none';
COMMENT ON COLUMN ops.record_changes.publication_id IS 'The publication it is of; null for none';
COMMENT ON COLUMN ops.record_changes.work_id_before IS 'The work it was of; null for none';
COMMENT ON COLUMN ops.record_changes.work_id IS 'The work it is of; null for none';
CREATE INDEX record_changes_record_id_index ON ops.record_changes (record_id);

CREATE TABLE ops.matching_settings (
    only_row BOOLEAN NOT NULL,
    borders TEXT NOT NULL,
    trusted_sources TEXT[] NOT NULL,
    CONSTRAINT matching_settings_pkey PRIMARY KEY (only_row)
);
COMMENT ON TABLE ops.matching_settings IS 'What the warehouse is told of matching, in one row';
COMMENT ON COLUMN ops.matching_settings.only_row IS 'Always true: the table has one row, or none where all is as by default';
COMMENT ON COLUMN ops.matching_settings.borders IS 'Borders that are not where the rules put them, as name=verdict, name=verdict';
COMMENT ON COLUMN ops.matching_settings.trusted_sources IS 'Catalogues that speak first for a publication, the one trusted most first';

CREATE TABLE ops.warehouse_version (
    only_row BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    schema_version INTEGER NOT NULL,
    reporting_fingerprint TEXT NOT NULL,
    warehouse_id UUID NOT NULL,
    CONSTRAINT warehouse_version_pkey PRIMARY KEY (only_row)
);
COMMENT ON TABLE ops.warehouse_version IS 'The version of the warehouse, in one row';
COMMENT ON COLUMN ops.warehouse_version.only_row IS 'Always true: the table has one row';
COMMENT ON COLUMN ops.warehouse_version.version IS 'Goes up by one with each load';
COMMENT ON COLUMN ops.warehouse_version.schema_version IS 'Version of the tables';
COMMENT ON COLUMN ops.warehouse_version.reporting_fingerprint IS 'Changes with the SQL of the reporting views';
COMMENT ON COLUMN ops.warehouse_version.warehouse_id IS 'Drawn when the tables were made: a plan says for which warehouse it is';

ALTER TABLE catalog.works ADD CONSTRAINT works_canonical_publication_id_fkey FOREIGN KEY(canonical_publication_id) REFERENCES catalog.publications (publication_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE catalog.publications ADD CONSTRAINT publications_canonical_record_id_fkey FOREIGN KEY(canonical_record_id) REFERENCES catalog.records (record_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE catalog.publications ADD CONSTRAINT publications_work_id_fkey FOREIGN KEY(work_id) REFERENCES catalog.works (work_id);
ALTER TABLE catalog.records ADD CONSTRAINT records_publication_id_fkey FOREIGN KEY(publication_id) REFERENCES catalog.publications (publication_id);
ALTER TABLE catalog.records ADD CONSTRAINT records_work_id_fkey FOREIGN KEY(work_id) REFERENCES catalog.works (work_id);
ALTER TABLE catalog.record_authors ADD CONSTRAINT record_authors_author_id_fkey FOREIGN KEY(author_id) REFERENCES catalog.authors (author_id);
ALTER TABLE catalog.record_authors ADD CONSTRAINT record_authors_record_id_fkey FOREIGN KEY(record_id) REFERENCES catalog.records (record_id);
ALTER TABLE catalog.links ADD CONSTRAINT links_record_id_fkey FOREIGN KEY(record_id) REFERENCES catalog.records (record_id);
ALTER TABLE catalog.record_identifiers ADD CONSTRAINT record_identifiers_record_id_fkey FOREIGN KEY(record_id) REFERENCES catalog.records (record_id);
ALTER TABLE catalog.record_work_keys ADD CONSTRAINT record_work_keys_record_id_fkey FOREIGN KEY(record_id) REFERENCES catalog.records (record_id);
ALTER TABLE catalog.work_evidence ADD CONSTRAINT work_evidence_record_id_a_fkey FOREIGN KEY(record_id_a) REFERENCES catalog.records (record_id);
ALTER TABLE catalog.work_evidence ADD CONSTRAINT work_evidence_record_id_b_fkey FOREIGN KEY(record_id_b) REFERENCES catalog.records (record_id);
ALTER TABLE ops.work_key_profiles ADD CONSTRAINT work_key_profiles_dump_id_fkey FOREIGN KEY(dump_id) REFERENCES ops.dumps (dump_id);
ALTER TABLE ops.loads ADD CONSTRAINT loads_dump_id_fkey FOREIGN KEY(dump_id) REFERENCES ops.dumps (dump_id);
ALTER TABLE ops.quarantine ADD CONSTRAINT quarantine_dump_id_fkey FOREIGN KEY(dump_id) REFERENCES ops.dumps (dump_id);
ALTER TABLE ops.record_deletions ADD CONSTRAINT record_deletions_dump_id_fkey FOREIGN KEY(dump_id) REFERENCES ops.dumps (dump_id);

INSERT INTO ops.warehouse_version (only_row, version, schema_version, reporting_fingerprint, warehouse_id)
VALUES (true, 0, 5, '', GEN_RANDOM_UUID());
