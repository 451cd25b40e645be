CREATE SCHEMA catalog;
COMMENT ON SCHEMA catalog IS 'The catalogue: records as delivered, the publications they describe, and their works';
CREATE SCHEMA ops;
COMMENT ON SCHEMA ops IS 'Bookkeeping: dumps, loads, quarantine';
CREATE SCHEMA reporting;
COMMENT ON SCHEMA reporting IS 'Views that answer questions about the catalogue';
CREATE TABLE catalog.authors (
    author_id bigint NOT NULL,
    heading_key text NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    family_name text,
    given_names text,
    suffix text,
    birth_year smallint,
    death_year smallint,
    orcid text,
    script text
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
CREATE TABLE catalog.links (
    record_id bigint NOT NULL,
    "position" integer NOT NULL,
    link_id bigint NOT NULL,
    url text NOT NULL,
    url_as_written text NOT NULL,
    kind text NOT NULL,
    host text,
    is_valid boolean NOT NULL
);
COMMENT ON TABLE catalog.links IS 'One URL of a record a row';
COMMENT ON COLUMN catalog.links.record_id IS 'The record';
COMMENT ON COLUMN catalog.links."position" IS 'Place in the record''s links, from 1';
COMMENT ON COLUMN catalog.links.link_id IS 'Signed 64-bit xxh3 of record_id and url';
COMMENT ON COLUMN catalog.links.url IS 'Canonical form (WHATWG); as written where it is broken';
COMMENT ON COLUMN catalog.links.url_as_written IS 'The URL as the record writes it';
COMMENT ON COLUMN catalog.links.kind IS 'doi, pubmed, pmc, arxiv, handle, isbn, full_text, publisher, license or other';
COMMENT ON COLUMN catalog.links.host IS 'Host, lower case';
COMMENT ON COLUMN catalog.links.is_valid IS 'Whether the URL can be followed as it stands';
CREATE TABLE catalog.publications (
    publication_id bigint NOT NULL,
    work_id bigint NOT NULL,
    canonical_record_id bigint NOT NULL,
    title text,
    publication_year integer,
    doi text,
    container_title text,
    format text[],
    author_names text[],
    record_count integer NOT NULL,
    source_count integer NOT NULL,
    field_sources jsonb
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
CREATE TABLE catalog.record_authors (
    record_id bigint NOT NULL,
    "position" integer NOT NULL,
    author_id bigint NOT NULL,
    role text,
    source_field text NOT NULL,
    name_as_written text NOT NULL
);
COMMENT ON TABLE catalog.record_authors IS 'One credit a row: a heading in a record';
COMMENT ON COLUMN catalog.record_authors.record_id IS 'The record';
COMMENT ON COLUMN catalog.record_authors."position" IS 'Place in the record''s credits, from 1';
COMMENT ON COLUMN catalog.record_authors.author_id IS 'The heading credited';
COMMENT ON COLUMN catalog.record_authors.role IS 'Role, where the record states one';
COMMENT ON COLUMN catalog.record_authors.source_field IS 'Solr field the credit stands in';
COMMENT ON COLUMN catalog.record_authors.name_as_written IS 'The name as the record writes it';
CREATE TABLE catalog.record_identifiers (
    record_id bigint NOT NULL,
    scheme text NOT NULL,
    value text NOT NULL,
    value_as_written text NOT NULL,
    source_field text NOT NULL,
    is_valid boolean NOT NULL,
    invalid_reason text
);
COMMENT ON TABLE catalog.record_identifiers IS 'One identifier of a record a row';
COMMENT ON COLUMN catalog.record_identifiers.record_id IS 'The record';
COMMENT ON COLUMN catalog.record_identifiers.scheme IS 'doi, pmid, pmcid, arxiv, handle, orcid, isbn, issn, lccn or oclc';
COMMENT ON COLUMN catalog.record_identifiers.value IS 'Normal form; as written where it is invalid';
COMMENT ON COLUMN catalog.record_identifiers.value_as_written IS 'The identifier as the record writes it';
COMMENT ON COLUMN catalog.record_identifiers.source_field IS 'Solr field it stands in';
COMMENT ON COLUMN catalog.record_identifiers.is_valid IS 'Whether it is well formed, check digit included';
COMMENT ON COLUMN catalog.record_identifiers.invalid_reason IS 'Why it is not';
CREATE TABLE catalog.record_work_keys (
    record_id bigint NOT NULL,
    work_key_id bigint NOT NULL,
    kind text NOT NULL,
    key text NOT NULL,
    origin text NOT NULL
);
COMMENT ON TABLE catalog.record_work_keys IS 'One work key of a record a row: records that share one are candidates for the same work';
COMMENT ON COLUMN catalog.record_work_keys.record_id IS 'The record';
COMMENT ON COLUMN catalog.record_work_keys.work_key_id IS 'Signed 64-bit xxh3 of the key';
COMMENT ON COLUMN catalog.record_work_keys.kind IS 'AT (author and title) or UT (uniform title)';
COMMENT ON COLUMN catalog.record_work_keys.key IS 'The work key, as VuFind stores it';
COMMENT ON COLUMN catalog.record_work_keys.origin IS 'given by the catalogue, or computed here';
CREATE TABLE catalog.records (
    record_id bigint NOT NULL,
    source text NOT NULL,
    source_record_id text NOT NULL,
    publication_id bigint,
    work_id bigint,
    title text,
    title_short text,
    title_sort text,
    subtitle text,
    description text,
    description_hash bigint,
    format text[],
    publication_kind text,
    language text[],
    publication_year integer,
    publication_year_note text,
    publication_date date,
    publisher text,
    container_title text,
    volume text,
    issue text,
    start_page text,
    edition text,
    series text[],
    topics text[],
    institution text,
    collection text,
    record_format text,
    license_url text,
    doi text,
    author_names text[],
    extra jsonb,
    content_hash bigint NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    deleted_at timestamp with time zone
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
CREATE TABLE catalog.work_evidence (
    record_id_a bigint NOT NULL,
    record_id_b bigint NOT NULL,
    verdict text NOT NULL,
    rule text NOT NULL,
    reason text NOT NULL,
    score real NOT NULL,
    blocking_key text,
    decided_at timestamp with time zone NOT NULL
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
CREATE TABLE catalog.work_overrides (
    override_id uuid NOT NULL,
    record_id_a bigint NOT NULL,
    record_id_b bigint NOT NULL,
    verdict text NOT NULL,
    reason text NOT NULL,
    decided_by text NOT NULL,
    decided_at timestamp with time zone NOT NULL,
    withdrawn_by text,
    withdrawn_at timestamp with time zone
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
CREATE TABLE catalog.work_redirects (
    level text NOT NULL,
    old_id bigint NOT NULL,
    new_id bigint NOT NULL,
    redirected_at timestamp with time zone NOT NULL
);
COMMENT ON TABLE catalog.work_redirects IS 'Former ids of publications and works, and what they mean now';
COMMENT ON COLUMN catalog.work_redirects.level IS 'publication or work';
COMMENT ON COLUMN catalog.work_redirects.old_id IS 'An id that was in use';
COMMENT ON COLUMN catalog.work_redirects.new_id IS 'The id that took its place';
COMMENT ON COLUMN catalog.work_redirects.redirected_at IS 'When';
CREATE TABLE catalog.works (
    work_id bigint NOT NULL,
    canonical_publication_id bigint NOT NULL,
    title text,
    first_year integer,
    last_year integer,
    author_names text[],
    publication_count integer NOT NULL,
    record_count integer NOT NULL
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
CREATE TABLE ops.dumps (
    dump_id bigint NOT NULL,
    source text NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL,
    path text NOT NULL,
    sha256 text NOT NULL,
    bytes bigint NOT NULL,
    records_read bigint NOT NULL,
    records_new bigint NOT NULL,
    records_changed bigint NOT NULL,
    records_unchanged bigint NOT NULL,
    records_outdated bigint NOT NULL,
    records_repeated bigint NOT NULL,
    records_deleted bigint NOT NULL,
    records_quarantined bigint NOT NULL,
    deletions bigint NOT NULL,
    publications bigint NOT NULL,
    works bigint NOT NULL,
    merges bigint NOT NULL,
    value_cuts jsonb NOT NULL,
    missing text,
    rules_version text NOT NULL,
    icu_version text NOT NULL,
    loaded_at timestamp with time zone NOT NULL
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
CREATE TABLE ops.loads (
    warehouse_version bigint NOT NULL,
    dump_id bigint NOT NULL,
    kind text NOT NULL,
    records_read bigint NOT NULL,
    records_new bigint NOT NULL,
    records_changed bigint NOT NULL,
    records_unchanged bigint NOT NULL,
    records_outdated bigint NOT NULL,
    records_repeated bigint NOT NULL,
    records_deleted bigint NOT NULL,
    records_quarantined bigint NOT NULL,
    deletions bigint NOT NULL,
    publications bigint NOT NULL,
    works bigint NOT NULL,
    merges bigint NOT NULL,
    extract_seconds double precision,
    normalize_seconds double precision,
    deduplicate_seconds double precision,
    load_seconds double precision,
    loaded_at timestamp with time zone NOT NULL
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
CREATE TABLE ops.matching_settings (
    only_row boolean NOT NULL,
    borders text NOT NULL,
    trusted_sources text[] NOT NULL
);
COMMENT ON TABLE ops.matching_settings IS 'What the warehouse is told of matching, in one row';
COMMENT ON COLUMN ops.matching_settings.only_row IS 'Always true: the table has one row, or none where all is as by default';
COMMENT ON COLUMN ops.matching_settings.borders IS 'Borders that are not where the rules put them, as name=verdict, name=verdict';
COMMENT ON COLUMN ops.matching_settings.trusted_sources IS 'Catalogues that speak first for a publication, the one trusted most first';
CREATE TABLE ops.quarantine (
    quarantine_id bigint NOT NULL,
    dump_id bigint NOT NULL,
    file text NOT NULL,
    member text NOT NULL,
    byte_offset bigint NOT NULL,
    byte_length bigint NOT NULL,
    line bigint NOT NULL,
    reason text NOT NULL,
    raw bytea NOT NULL,
    format text NOT NULL,
    part text NOT NULL,
    context bytea NOT NULL,
    quarantined_at timestamp with time zone NOT NULL
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
CREATE TABLE ops.record_changes (
    warehouse_version bigint NOT NULL,
    record_id bigint NOT NULL,
    change text NOT NULL,
    changed_columns jsonb,
    publication_id_before bigint,
    publication_id bigint,
    work_id_before bigint,
    work_id bigint
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
CREATE TABLE ops.record_deletions (
    record_id bigint NOT NULL,
    dump_id bigint NOT NULL,
    source_record_id text NOT NULL,
    file text NOT NULL,
    member text NOT NULL,
    byte_offset bigint NOT NULL,
    byte_length bigint NOT NULL
);
COMMENT ON TABLE ops.record_deletions IS 'Which dumps say of which records that they are deleted: such a record has ended until a later dump holds it';
COMMENT ON COLUMN ops.record_deletions.record_id IS 'The record, which need not be known';
COMMENT ON COLUMN ops.record_deletions.dump_id IS 'The dump that says so';
COMMENT ON COLUMN ops.record_deletions.source_record_id IS 'The id of the record in its catalogue';
COMMENT ON COLUMN ops.record_deletions.file IS 'Where it says so: file, relative to the dump';
COMMENT ON COLUMN ops.record_deletions.member IS 'Member of the archive; empty for none';
COMMENT ON COLUMN ops.record_deletions.byte_offset IS 'Where it begins in the decompressed file or member';
COMMENT ON COLUMN ops.record_deletions.byte_length IS 'How long it is';
CREATE TABLE ops.record_matching_keys (
    matching_key_id bigint NOT NULL,
    record_id bigint NOT NULL
);
COMMENT ON TABLE ops.record_matching_keys IS 'Under which keys a record meets others beside its work keys; recomputed from the record, so only numbers';
COMMENT ON COLUMN ops.record_matching_keys.matching_key_id IS 'Signed 64-bit xxh3 of the key';
COMMENT ON COLUMN ops.record_matching_keys.record_id IS 'The record';
CREATE TABLE ops.record_sightings (
    record_id bigint NOT NULL,
    first_dump_id bigint NOT NULL,
    last_dump_id bigint NOT NULL,
    file text NOT NULL,
    member text NOT NULL,
    byte_offset bigint NOT NULL,
    byte_length bigint NOT NULL
);
COMMENT ON TABLE ops.record_sightings IS 'Which dumps hold a record, and where; kept apart so that a nightly full dump need not rewrite unchanged records';
COMMENT ON COLUMN ops.record_sightings.record_id IS 'The record';
COMMENT ON COLUMN ops.record_sightings.first_dump_id IS 'The earliest dump, by name, that holds it';
COMMENT ON COLUMN ops.record_sightings.last_dump_id IS 'The latest dump, by name, that holds it';
COMMENT ON COLUMN ops.record_sightings.file IS 'Where it stands in the latest dump: file';
COMMENT ON COLUMN ops.record_sightings.member IS 'Member of the archive; empty for none';
COMMENT ON COLUMN ops.record_sightings.byte_offset IS 'Where it begins in the decompressed file or member';
COMMENT ON COLUMN ops.record_sightings.byte_length IS 'How long it is';
CREATE TABLE ops.warehouse_version (
    only_row boolean NOT NULL,
    version bigint NOT NULL,
    schema_version integer NOT NULL,
    reporting_fingerprint text NOT NULL,
    warehouse_id uuid NOT NULL
);
COMMENT ON TABLE ops.warehouse_version IS 'The version of the warehouse, in one row';
COMMENT ON COLUMN ops.warehouse_version.only_row IS 'Always true: the table has one row';
COMMENT ON COLUMN ops.warehouse_version.version IS 'Goes up by one with each load';
COMMENT ON COLUMN ops.warehouse_version.schema_version IS 'Version of the tables';
COMMENT ON COLUMN ops.warehouse_version.reporting_fingerprint IS 'Changes with the SQL of the reporting views';
COMMENT ON COLUMN ops.warehouse_version.warehouse_id IS 'Drawn when the tables were made: a plan says for which warehouse it is';
CREATE TABLE ops.work_key_profiles (
    dump_id bigint NOT NULL,
    profile text NOT NULL,
    records_with_keys bigint NOT NULL,
    records_following bigint NOT NULL,
    records_equal bigint NOT NULL,
    examples text[] NOT NULL
);
COMMENT ON TABLE ops.work_key_profiles IS 'Work keys that the records of a dump bring, against those that each profile makes of the records';
COMMENT ON COLUMN ops.work_key_profiles.dump_id IS 'The dump';
COMMENT ON COLUMN ops.work_key_profiles.profile IS 'How keys are made: vufind_marc, vufind_xslt or recordmanager; none for the records that follow none of them';
COMMENT ON COLUMN ops.work_key_profiles.records_with_keys IS 'Records of the dump that bring work keys';
COMMENT ON COLUMN ops.work_key_profiles.records_following IS 'Those of them all of whose keys the profile makes; a record may follow several';
COMMENT ON COLUMN ops.work_key_profiles.records_equal IS 'Those of them that bring every key that the profile makes as well';
COMMENT ON COLUMN ops.work_key_profiles.examples IS 'Of the profile none: some records, each with a key that it brings';
CREATE VIEW reporting.author_works AS
 SELECT credited.author_id,
    authors.name,
    credited.work_id,
    works.title,
    works.first_year,
    works.last_year,
    works.publication_count,
    credited.roles
   FROM ((( SELECT record_authors.author_id,
            records.work_id,
            array_agg(DISTINCT record_authors.role) FILTER (WHERE (record_authors.role IS NOT NULL)) AS roles
           FROM (catalog.record_authors
             JOIN catalog.records ON ((records.record_id = record_authors.record_id)))
          WHERE (records.deleted_at IS NULL)
          GROUP BY record_authors.author_id, records.work_id) credited
     JOIN catalog.authors ON ((authors.author_id = credited.author_id)))
     JOIN catalog.works ON ((works.work_id = credited.work_id)));
COMMENT ON VIEW reporting.author_works IS 'Which works does somebody take part in, and in which role?';
COMMENT ON COLUMN reporting.author_works.author_id IS 'The heading';
COMMENT ON COLUMN reporting.author_works.name IS 'Its name';
COMMENT ON COLUMN reporting.author_works.work_id IS 'The work';
COMMENT ON COLUMN reporting.author_works.title IS 'Its title';
COMMENT ON COLUMN reporting.author_works.first_year IS 'Earliest year of its publications';
COMMENT ON COLUMN reporting.author_works.last_year IS 'Latest year of its publications';
COMMENT ON COLUMN reporting.author_works.publication_count IS 'Number of its publications';
COMMENT ON COLUMN reporting.author_works.roles IS 'Roles in which records of the work credit the heading; null where none is stated';
CREATE VIEW reporting.authors AS
 SELECT authors.author_id,
    authors.name,
    authors.kind,
    authors.birth_year,
    authors.death_year,
    authors.orcid,
    credited.publication_count,
    credited.work_count,
    credited.first_year,
    credited.last_year
   FROM (catalog.authors
     JOIN ( SELECT record_authors.author_id,
            count(DISTINCT records.publication_id) AS publication_count,
            count(DISTINCT records.work_id) AS work_count,
            min(records.publication_year) AS first_year,
            max(records.publication_year) AS last_year
           FROM (catalog.record_authors
             JOIN catalog.records ON ((records.record_id = record_authors.record_id)))
          WHERE (records.deleted_at IS NULL)
          GROUP BY record_authors.author_id) credited ON ((credited.author_id = authors.author_id)));
COMMENT ON VIEW reporting.authors IS 'Who is credited with how much?';
COMMENT ON COLUMN reporting.authors.author_id IS 'The heading';
COMMENT ON COLUMN reporting.authors.name IS 'Its name';
COMMENT ON COLUMN reporting.authors.kind IS 'person, corporate or meeting';
COMMENT ON COLUMN reporting.authors.birth_year IS 'Year of birth, where the heading has it';
COMMENT ON COLUMN reporting.authors.death_year IS 'Year of death, where the heading has it';
COMMENT ON COLUMN reporting.authors.orcid IS 'ORCID, where the heading has it';
COMMENT ON COLUMN reporting.authors.publication_count IS 'Number of publications that credit it';
COMMENT ON COLUMN reporting.authors.work_count IS 'Number of works that credit it';
COMMENT ON COLUMN reporting.authors.first_year IS 'Earliest year of these publications';
COMMENT ON COLUMN reporting.authors.last_year IS 'Latest year of these publications';
CREATE VIEW reporting.coauthors AS
 SELECT mine.author_id,
    theirs.author_id AS coauthor_id,
    authors.name AS coauthor_name,
    count(DISTINCT records.work_id) AS work_count,
    min(records.publication_year) AS first_year,
    max(records.publication_year) AS last_year
   FROM (((catalog.record_authors mine
     JOIN catalog.records ON ((records.record_id = mine.record_id)))
     JOIN catalog.record_authors theirs ON (((theirs.record_id = mine.record_id) AND (theirs.author_id <> mine.author_id))))
     JOIN catalog.authors ON ((authors.author_id = theirs.author_id)))
  WHERE (records.deleted_at IS NULL)
  GROUP BY mine.author_id, theirs.author_id, authors.name;
COMMENT ON VIEW reporting.coauthors IS 'Who is credited together with whom, and how often? Ask for one author_id: all pairs of a catalogue are many.';
COMMENT ON COLUMN reporting.coauthors.author_id IS 'The heading asked for';
COMMENT ON COLUMN reporting.coauthors.coauthor_id IS 'Another heading that records credit beside it';
COMMENT ON COLUMN reporting.coauthors.coauthor_name IS 'Name of the other';
COMMENT ON COLUMN reporting.coauthors.work_count IS 'Works that credit both in one record';
COMMENT ON COLUMN reporting.coauthors.first_year IS 'Earliest year of these';
COMMENT ON COLUMN reporting.coauthors.last_year IS 'Latest year of these';
CREATE VIEW reporting.doi_coverage AS
 SELECT source,
    publication_year,
    count(*) AS record_count,
    count(doi) AS doi_count,
    round(((count(doi))::numeric / (count(*))::numeric), 4) AS doi_share
   FROM catalog.records
  WHERE (deleted_at IS NULL)
  GROUP BY source, publication_year;
COMMENT ON VIEW reporting.doi_coverage IS 'How many records of each catalogue and year have a DOI?';
COMMENT ON COLUMN reporting.doi_coverage.source IS 'The catalogue';
COMMENT ON COLUMN reporting.doi_coverage.publication_year IS 'Year of publication; null where it is not known';
COMMENT ON COLUMN reporting.doi_coverage.record_count IS 'Number of records';
COMMENT ON COLUMN reporting.doi_coverage.doi_count IS 'Number of them with a valid DOI';
COMMENT ON COLUMN reporting.doi_coverage.doi_share IS 'Their share, 0 to 1';
CREATE VIEW reporting.duplicates AS
 SELECT a.publication_id,
    a.title AS title_a,
    b.title AS title_b,
    a.source AS source_a,
    a.source_record_id AS source_record_id_a,
    b.source AS source_b,
    b.source_record_id AS source_record_id_b,
    work_evidence.rule,
    work_evidence.reason,
    work_evidence.score
   FROM ((catalog.work_evidence
     JOIN catalog.records a ON ((a.record_id = work_evidence.record_id_a)))
     JOIN catalog.records b ON ((b.record_id = work_evidence.record_id_b)))
  WHERE (work_evidence.verdict = 'duplicate'::text);
COMMENT ON VIEW reporting.duplicates IS 'Which records describe the same publication, and why do we think so?';
COMMENT ON COLUMN reporting.duplicates.publication_id IS 'The publication both describe';
COMMENT ON COLUMN reporting.duplicates.title_a IS 'Title of the first record';
COMMENT ON COLUMN reporting.duplicates.title_b IS 'Title of the second record';
COMMENT ON COLUMN reporting.duplicates.source_a IS 'Catalogue of the first record';
COMMENT ON COLUMN reporting.duplicates.source_record_id_a IS 'Id of the first record in its catalogue';
COMMENT ON COLUMN reporting.duplicates.source_b IS 'Catalogue of the second record';
COMMENT ON COLUMN reporting.duplicates.source_record_id_b IS 'Id of the second record in its catalogue';
COMMENT ON COLUMN reporting.duplicates.rule IS 'Name of the rule that decided';
COMMENT ON COLUMN reporting.duplicates.reason IS 'The reason in words';
COMMENT ON COLUMN reporting.duplicates.score IS 'Confidence of the rule, 0 to 1';
CREATE VIEW reporting.ended_records AS
 SELECT records.record_id,
    records.source,
    records.source_record_id,
    records.title,
    latest.name AS last_dump,
    ended.dump AS ended_by_dump,
    ended.is_said AS is_deleted_by_dump,
    records.deleted_at AS ended_at
   FROM (((catalog.records
     JOIN ops.record_sightings ON ((record_sightings.record_id = records.record_id)))
     JOIN ops.dumps latest ON ((latest.dump_id = record_sightings.last_dump_id)))
     LEFT JOIN LATERAL ( SELECT dumps.name AS dump,
            (record_deletions.dump_id IS NOT NULL) AS is_said
           FROM (ops.dumps
             LEFT JOIN ops.record_deletions ON (((record_deletions.dump_id = dumps.dump_id) AND (record_deletions.record_id = records.record_id))))
          WHERE ((dumps.source = records.source) AND (dumps.name >= latest.name) AND ((record_deletions.dump_id IS NOT NULL) OR (dumps.kind = 'full'::text)))
          ORDER BY ((dumps.name = latest.name) AND (record_deletions.dump_id IS NULL)), dumps.name
         LIMIT 1) ended ON (true))
  WHERE (records.deleted_at IS NOT NULL);
COMMENT ON VIEW reporting.ended_records IS 'Which records have ended, and which dump ended them?';
COMMENT ON COLUMN reporting.ended_records.record_id IS 'The record';
COMMENT ON COLUMN reporting.ended_records.source IS 'The catalogue';
COMMENT ON COLUMN reporting.ended_records.source_record_id IS 'Its id there';
COMMENT ON COLUMN reporting.ended_records.title IS 'Title';
COMMENT ON COLUMN reporting.ended_records.last_dump IS 'Name of the latest dump that held it';
COMMENT ON COLUMN reporting.ended_records.ended_by_dump IS 'Name of the first dump after that which says that it is deleted, or is full and lacks it';
COMMENT ON COLUMN reporting.ended_records.is_deleted_by_dump IS 'Whether that dump says so; else it is a full one that lacks the record';
COMMENT ON COLUMN reporting.ended_records.ended_at IS 'When it ended in the warehouse';
CREATE VIEW reporting.facets AS
 SELECT 'year'::text AS facet,
    (publications.publication_year)::text AS value,
    count(*) AS publication_count
   FROM catalog.publications
  GROUP BY publications.publication_year
UNION ALL
 SELECT 'container'::text AS facet,
    publications.container_title AS value,
    count(*) AS publication_count
   FROM catalog.publications
  GROUP BY publications.container_title
UNION ALL
 SELECT 'format'::text AS facet,
    formats.format AS value,
    count(*) AS publication_count
   FROM (catalog.publications
     LEFT JOIN LATERAL unnest(publications.format) formats(format) ON (true))
  GROUP BY formats.format
UNION ALL
 SELECT 'kind'::text AS facet,
    records.publication_kind AS value,
    count(*) AS publication_count
   FROM (catalog.publications
     JOIN catalog.records ON ((records.record_id = publications.canonical_record_id)))
  GROUP BY records.publication_kind
UNION ALL
 SELECT 'language'::text AS facet,
    languages.language AS value,
    count(*) AS publication_count
   FROM ((catalog.publications
     JOIN catalog.records ON ((records.record_id = publications.canonical_record_id)))
     LEFT JOIN LATERAL unnest(records.language) languages(language) ON (true))
  GROUP BY languages.language
UNION ALL
 SELECT 'source'::text AS facet,
    held.source AS value,
    count(*) AS publication_count
   FROM ( SELECT DISTINCT records.source,
            records.publication_id
           FROM catalog.records
          WHERE (records.deleted_at IS NULL)) held
  GROUP BY held.source;
COMMENT ON VIEW reporting.facets IS 'How many publications are there of each year, source, format, language, kind and container?';
COMMENT ON COLUMN reporting.facets.facet IS 'year, source, format, language, kind or container';
COMMENT ON COLUMN reporting.facets.value IS 'A value of it; null for the publications that have none';
COMMENT ON COLUMN reporting.facets.publication_count IS 'Publications that have the value; one may have several formats and languages, and be held by several sources';
CREATE VIEW reporting.identifier_coverage AS
 SELECT sources.source,
    schemes.scheme,
    sources.record_count,
    COALESCE(given.records_with_valid, (0)::bigint) AS records_with_valid,
    round(((COALESCE(given.records_with_valid, (0)::bigint))::numeric / (sources.record_count)::numeric), 4) AS valid_share,
    COALESCE(given.invalid_count, (0)::bigint) AS invalid_count
   FROM ((( SELECT records.source,
            count(*) AS record_count
           FROM catalog.records
          WHERE (records.deleted_at IS NULL)
          GROUP BY records.source) sources
     CROSS JOIN ( VALUES ('doi'::text), ('pmid'::text), ('pmcid'::text), ('arxiv'::text), ('handle'::text), ('orcid'::text), ('isbn'::text), ('issn'::text), ('lccn'::text), ('oclc'::text)) schemes(scheme))
     LEFT JOIN ( SELECT records.source,
            record_identifiers.scheme,
            count(DISTINCT record_identifiers.record_id) FILTER (WHERE record_identifiers.is_valid) AS records_with_valid,
            count(*) FILTER (WHERE (NOT record_identifiers.is_valid)) AS invalid_count
           FROM (catalog.record_identifiers
             JOIN catalog.records ON ((records.record_id = record_identifiers.record_id)))
          WHERE (records.deleted_at IS NULL)
          GROUP BY records.source, record_identifiers.scheme) given ON (((given.source = sources.source) AND (given.scheme = schemes.scheme))))
UNION ALL
 SELECT records.source,
    'license'::text AS scheme,
    count(*) AS record_count,
    count(records.license_url) AS records_with_valid,
    round(((count(records.license_url))::numeric / (count(*))::numeric), 4) AS valid_share,
    0 AS invalid_count
   FROM catalog.records
  WHERE (records.deleted_at IS NULL)
  GROUP BY records.source;
COMMENT ON VIEW reporting.identifier_coverage IS 'Of which share of its records does each catalogue give a DOI, an ISBN, an ISSN and so on, and how many of them are wrong?';
COMMENT ON COLUMN reporting.identifier_coverage.source IS 'The catalogue';
COMMENT ON COLUMN reporting.identifier_coverage.scheme IS 'doi, pmid, pmcid, arxiv, handle, orcid, isbn, issn, lccn or oclc; license for a link that names a licence';
COMMENT ON COLUMN reporting.identifier_coverage.record_count IS 'Living records of the catalogue';
COMMENT ON COLUMN reporting.identifier_coverage.records_with_valid IS 'Those of them with a valid identifier of the scheme';
COMMENT ON COLUMN reporting.identifier_coverage.valid_share IS 'Their share, 0 to 1';
COMMENT ON COLUMN reporting.identifier_coverage.invalid_count IS 'Identifiers of the scheme that are not well formed';
CREATE VIEW reporting.ingest_history AS
 SELECT loads.warehouse_version,
    loads.loaded_at,
    dumps.source,
    dumps.name AS dump,
    loads.kind,
    loads.records_read,
    loads.records_new,
    loads.records_changed,
    loads.records_unchanged,
    loads.records_outdated,
    loads.records_repeated,
    loads.records_deleted,
    loads.records_quarantined,
    loads.publications,
    loads.works,
    loads.merges,
    loads.extract_seconds,
    loads.normalize_seconds,
    loads.deduplicate_seconds,
    loads.load_seconds,
    loads.deletions
   FROM (ops.loads
     JOIN ops.dumps ON ((dumps.dump_id = loads.dump_id)));
COMMENT ON VIEW reporting.ingest_history IS 'What was loaded when, what did it change, and how fast was it?';
COMMENT ON COLUMN reporting.ingest_history.warehouse_version IS 'Version of the warehouse that the load made';
COMMENT ON COLUMN reporting.ingest_history.loaded_at IS 'When';
COMMENT ON COLUMN reporting.ingest_history.source IS 'The catalogue';
COMMENT ON COLUMN reporting.ingest_history.dump IS 'Name of the dump';
COMMENT ON COLUMN reporting.ingest_history.kind IS 'delta or full; replay, where what had been quarantined was read again';
COMMENT ON COLUMN reporting.ingest_history.records_read IS 'Documents read, those in quarantine included';
COMMENT ON COLUMN reporting.ingest_history.records_new IS 'Records not seen before';
COMMENT ON COLUMN reporting.ingest_history.records_changed IS 'Records whose content changed';
COMMENT ON COLUMN reporting.ingest_history.records_unchanged IS 'Records whose content stayed the same';
COMMENT ON COLUMN reporting.ingest_history.records_outdated IS 'Records of which a later dump had brought a newer version';
COMMENT ON COLUMN reporting.ingest_history.records_repeated IS 'Earlier occurrences of an id that stands again later in the dump';
COMMENT ON COLUMN reporting.ingest_history.records_deleted IS 'Records ended: deleted by the dump, or lacking in a full one';
COMMENT ON COLUMN reporting.ingest_history.records_quarantined IS 'What could not be read';
COMMENT ON COLUMN reporting.ingest_history.publications IS 'Publications in the warehouse after the load';
COMMENT ON COLUMN reporting.ingest_history.works IS 'Works in the warehouse after the load';
COMMENT ON COLUMN reporting.ingest_history.merges IS 'Former publications and works that the load joined to another';
COMMENT ON COLUMN reporting.ingest_history.extract_seconds IS 'Time to read the dump';
COMMENT ON COLUMN reporting.ingest_history.normalize_seconds IS 'Time to normalise it';
COMMENT ON COLUMN reporting.ingest_history.deduplicate_seconds IS 'Time to find publications and works';
COMMENT ON COLUMN reporting.ingest_history.load_seconds IS 'Time to load it, from holding the lock to the commit, deduplicating again included; null for a repetition';
COMMENT ON COLUMN reporting.ingest_history.deletions IS 'Statements of the dump that a record is deleted';
CREATE VIEW reporting.last_changes AS
 WITH last_changed AS (
         SELECT record_changes.warehouse_version,
            record_changes.record_id,
            record_changes.change,
            record_changes.changed_columns,
            record_changes.publication_id_before,
            record_changes.publication_id,
            record_changes.work_id_before,
            record_changes.work_id
           FROM ops.record_changes
          WHERE (record_changes.warehouse_version = ( SELECT max(loads_1.warehouse_version) AS max
                   FROM ops.loads loads_1))
        )
 SELECT dumps.source,
    dumps.name AS dump,
    loads.loaded_at,
    counted.change,
    counted.changed_column,
    counted.record_count
   FROM ((( SELECT last_changed.change,
            NULL::text AS changed_column,
            count(*) AS record_count
           FROM last_changed
          GROUP BY last_changed.change
        UNION ALL
         SELECT last_changed.change,
            columns.changed_column,
            count(*) AS count
           FROM (last_changed
             CROSS JOIN LATERAL jsonb_object_keys(last_changed.changed_columns) columns(changed_column))
          GROUP BY last_changed.change, columns.changed_column) counted
     CROSS JOIN LATERAL ( SELECT loads_1.warehouse_version,
            loads_1.dump_id,
            loads_1.kind,
            loads_1.records_read,
            loads_1.records_new,
            loads_1.records_changed,
            loads_1.records_unchanged,
            loads_1.records_outdated,
            loads_1.records_repeated,
            loads_1.records_deleted,
            loads_1.records_quarantined,
            loads_1.deletions,
            loads_1.publications,
            loads_1.works,
            loads_1.merges,
            loads_1.extract_seconds,
            loads_1.normalize_seconds,
            loads_1.deduplicate_seconds,
            loads_1.load_seconds,
            loads_1.loaded_at
           FROM ops.loads loads_1
          ORDER BY loads_1.warehouse_version DESC
         LIMIT 1) loads)
     JOIN ops.dumps ON ((dumps.dump_id = loads.dump_id)));
COMMENT ON VIEW reporting.last_changes IS 'What did the newest dump change, in counts? A row for each kind of change, and for each column that changed.';
COMMENT ON COLUMN reporting.last_changes.source IS 'Catalogue of the dump that was loaded last';
COMMENT ON COLUMN reporting.last_changes.dump IS 'Its name';
COMMENT ON COLUMN reporting.last_changes.loaded_at IS 'When it was loaded';
COMMENT ON COLUMN reporting.last_changes.change IS 'new, changed, ended, returned or regrouped';
COMMENT ON COLUMN reporting.last_changes.changed_column IS 'A column of catalog.records whose value is another, or links, identifiers, credits, work_keys; null in the row that counts all of the kind';
COMMENT ON COLUMN reporting.last_changes.record_count IS 'Records';
CREATE VIEW reporting.links AS
 SELECT links.host,
    links.kind,
    count(*) AS link_count,
    count(DISTINCT links.record_id) AS record_count,
    count(*) FILTER (WHERE (NOT links.is_valid)) AS invalid_count
   FROM (catalog.links
     JOIN catalog.records ON ((records.record_id = links.record_id)))
  WHERE (records.deleted_at IS NULL)
  GROUP BY links.host, links.kind;
COMMENT ON VIEW reporting.links IS 'Where do links lead, and how many of them are broken as written?';
COMMENT ON COLUMN reporting.links.host IS 'Host; null where the link names none';
COMMENT ON COLUMN reporting.links.kind IS 'doi, pubmed, pmc, arxiv, handle, isbn, full_text, publisher, license or other';
COMMENT ON COLUMN reporting.links.link_count IS 'Number of links';
COMMENT ON COLUMN reporting.links.record_count IS 'Number of records with such a link';
COMMENT ON COLUMN reporting.links.invalid_count IS 'Number of links that cannot be followed as they stand';
CREATE VIEW reporting.matching_rules AS
 SELECT work_evidence.rule,
    work_evidence.verdict,
    count(*) AS pair_count,
    count(*) FILTER (WHERE (a.source <> b.source)) AS pairs_between_sources,
    min(work_evidence.score) AS lowest_score,
    max(work_evidence.score) AS highest_score
   FROM ((catalog.work_evidence
     JOIN catalog.records a ON ((a.record_id = work_evidence.record_id_a)))
     JOIN catalog.records b ON ((b.record_id = work_evidence.record_id_b)))
  GROUP BY work_evidence.rule, work_evidence.verdict;
COMMENT ON VIEW reporting.matching_rules IS 'Which rules decided how many pairs, and how?';
COMMENT ON COLUMN reporting.matching_rules.rule IS 'Name of the rule; docs/matching.md says what each means';
COMMENT ON COLUMN reporting.matching_rules.verdict IS 'duplicate, version or different';
COMMENT ON COLUMN reporting.matching_rules.pair_count IS 'Pairs that it decided so';
COMMENT ON COLUMN reporting.matching_rules.pairs_between_sources IS 'Those of them whose records are of two catalogues';
COMMENT ON COLUMN reporting.matching_rules.lowest_score IS 'The least of their scores';
COMMENT ON COLUMN reporting.matching_rules.highest_score IS 'The greatest of their scores';
CREATE VIEW reporting.publications AS
 SELECT publication_id,
    work_id,
    title,
    array_to_string(author_names, '; '::text) AS authors,
    publication_year,
    container_title,
    format,
    doi,
    record_count,
    source_count
   FROM catalog.publications;
COMMENT ON VIEW reporting.publications IS 'Which publications are there, and how many catalogues hold each?';
COMMENT ON COLUMN reporting.publications.publication_id IS 'The publication';
COMMENT ON COLUMN reporting.publications.work_id IS 'The work it belongs to';
COMMENT ON COLUMN reporting.publications.title IS 'Title';
COMMENT ON COLUMN reporting.publications.authors IS 'Author names in order, with semicolons between them';
COMMENT ON COLUMN reporting.publications.publication_year IS 'Year of publication';
COMMENT ON COLUMN reporting.publications.container_title IS 'Journal, proceedings or series it appeared in';
COMMENT ON COLUMN reporting.publications.format IS 'Formats as the catalogue names them';
COMMENT ON COLUMN reporting.publications.doi IS 'DOI, lower case';
COMMENT ON COLUMN reporting.publications.record_count IS 'Number of records that describe it';
COMMENT ON COLUMN reporting.publications.source_count IS 'Number of catalogues that hold it';
CREATE VIEW reporting.quarantine AS
 SELECT quarantine.quarantine_id,
    dumps.source,
    dumps.name AS dump,
    quarantine.file,
    quarantine.member,
    quarantine.byte_offset,
    quarantine.byte_length,
    quarantine.line,
    quarantine.reason,
    quarantine.quarantined_at,
    "left"(encode(SUBSTRING(quarantine.raw FROM 1 FOR 200), 'escape'::text), 200) AS raw_beginning
   FROM (ops.quarantine
     JOIN ops.dumps ON ((dumps.dump_id = quarantine.dump_id)));
COMMENT ON VIEW reporting.quarantine IS 'What could not be read, where does it lie, and why?';
COMMENT ON COLUMN reporting.quarantine.quarantine_id IS 'The row of ops.quarantine, which has the bytes themselves';
COMMENT ON COLUMN reporting.quarantine.source IS 'The catalogue';
COMMENT ON COLUMN reporting.quarantine.dump IS 'Name of the dump';
COMMENT ON COLUMN reporting.quarantine.file IS 'File, relative to the dump';
COMMENT ON COLUMN reporting.quarantine.member IS 'Member of the archive; empty for none';
COMMENT ON COLUMN reporting.quarantine.byte_offset IS 'Where it begins in the decompressed file or member';
COMMENT ON COLUMN reporting.quarantine.byte_length IS 'How long it is';
COMMENT ON COLUMN reporting.quarantine.line IS 'Line, from 1; 0 where lines mean nothing';
COMMENT ON COLUMN reporting.quarantine.reason IS 'Why it could not be read';
COMMENT ON COLUMN reporting.quarantine.quarantined_at IS 'When';
COMMENT ON COLUMN reporting.quarantine.raw_beginning IS 'The first bytes of it; all that was kept is in ops.quarantine.raw';
CREATE VIEW reporting.record_changes AS
 SELECT record_changes.warehouse_version,
    loads.loaded_at,
    dumps.source AS dump_source,
    dumps.name AS dump,
    record_changes.change,
    records.source,
    records.source_record_id,
    records.title,
    record_changes.changed_columns,
        CASE
            WHEN ((record_changes.publication_id_before IS NULL) OR (record_changes.publication_id IS NULL)) THEN NULL::boolean
            ELSE (record_changes.publication_id_before <> record_changes.publication_id)
        END AS is_in_another_publication,
        CASE
            WHEN ((record_changes.work_id_before IS NULL) OR (record_changes.work_id IS NULL)) THEN NULL::boolean
            ELSE (record_changes.work_id_before <> record_changes.work_id)
        END AS is_in_another_work,
    record_changes.publication_id_before,
    record_changes.publication_id,
    record_changes.work_id_before,
    record_changes.work_id,
    record_changes.record_id
   FROM (((ops.record_changes
     JOIN catalog.records ON ((records.record_id = record_changes.record_id)))
     LEFT JOIN ops.loads ON ((loads.warehouse_version = record_changes.warehouse_version)))
     LEFT JOIN ops.dumps ON ((dumps.dump_id = loads.dump_id)));
COMMENT ON VIEW reporting.record_changes IS 'What changed with each load: which records came, changed, ended, came back, joined or left a publication or a work?';
COMMENT ON COLUMN reporting.record_changes.warehouse_version IS 'Version of the warehouse that the change made';
COMMENT ON COLUMN reporting.record_changes.loaded_at IS 'When; null where a person decided, or settings changed';
COMMENT ON COLUMN reporting.record_changes.dump_source IS 'Catalogue of the dump that was loaded';
COMMENT ON COLUMN reporting.record_changes.dump IS 'Name of the dump';
COMMENT ON COLUMN reporting.record_changes.change IS 'new, changed, ended, returned or regrouped';
COMMENT ON COLUMN reporting.record_changes.source IS 'Catalogue of the record';
COMMENT ON COLUMN reporting.record_changes.source_record_id IS 'Its id there';
COMMENT ON COLUMN reporting.record_changes.title IS 'Its title now';
COMMENT ON COLUMN reporting.record_changes.changed_columns IS 'Columns of catalog.records whose value is another, and links, identifiers, credits and work_keys, each with the old and the new value; null where none is';
COMMENT ON COLUMN reporting.record_changes.is_in_another_publication IS 'Whether it went from one publication to another; null where it was or is in none';
COMMENT ON COLUMN reporting.record_changes.is_in_another_work IS 'Whether it went from one work to another; null where it was or is in none';
COMMENT ON COLUMN reporting.record_changes.publication_id_before IS 'The publication it was of; null for none';
COMMENT ON COLUMN reporting.record_changes.publication_id IS 'The publication it was of after the change; null for none';
COMMENT ON COLUMN reporting.record_changes.work_id_before IS 'The work it was of; null for none';
COMMENT ON COLUMN reporting.record_changes.work_id IS 'The work it was of after the change; null for none';
COMMENT ON COLUMN reporting.record_changes.record_id IS 'The record';
CREATE VIEW reporting.records AS
 SELECT records.record_id,
    records.source,
    records.source_record_id,
    records.publication_id,
    records.work_id,
    records.title,
    array_to_string(records.author_names, '; '::text) AS authors,
    records.publication_year,
    records.publication_kind,
    records.language,
    records.container_title,
    records.publisher,
    records.doi,
    earliest.name AS first_dump,
    latest.name AS last_dump
   FROM (((catalog.records
     JOIN ops.record_sightings ON ((record_sightings.record_id = records.record_id)))
     JOIN ops.dumps earliest ON ((earliest.dump_id = record_sightings.first_dump_id)))
     JOIN ops.dumps latest ON ((latest.dump_id = record_sightings.last_dump_id)))
  WHERE (records.deleted_at IS NULL);
COMMENT ON VIEW reporting.records IS 'What does each catalogue say of each living record, and in which dumps did it come?';
COMMENT ON COLUMN reporting.records.record_id IS 'The record';
COMMENT ON COLUMN reporting.records.source IS 'The catalogue';
COMMENT ON COLUMN reporting.records.source_record_id IS 'Its id there';
COMMENT ON COLUMN reporting.records.publication_id IS 'The publication it describes';
COMMENT ON COLUMN reporting.records.work_id IS 'The work it belongs to';
COMMENT ON COLUMN reporting.records.title IS 'Title';
COMMENT ON COLUMN reporting.records.authors IS 'Author names in order, with semicolons between them';
COMMENT ON COLUMN reporting.records.publication_year IS 'Year of publication';
COMMENT ON COLUMN reporting.records.publication_kind IS 'Kind derived from the formats';
COMMENT ON COLUMN reporting.records.language IS 'Languages as ISO 639-3 codes';
COMMENT ON COLUMN reporting.records.container_title IS 'Journal, proceedings or series it appeared in';
COMMENT ON COLUMN reporting.records.publisher IS 'First publisher named';
COMMENT ON COLUMN reporting.records.doi IS 'DOI, lower case';
COMMENT ON COLUMN reporting.records.first_dump IS 'Name of the earliest dump that holds it';
COMMENT ON COLUMN reporting.records.last_dump IS 'Name of the latest dump that holds it';
CREATE VIEW reporting.source_overlap AS
 WITH held AS (
         SELECT DISTINCT records.publication_id,
            records.source
           FROM (catalog.publications
             JOIN catalog.records ON ((records.publication_id = publications.publication_id)))
          WHERE (publications.source_count > 1)
        )
 SELECT a.source AS source_a,
    b.source AS source_b,
    count(*) AS publication_count
   FROM (held a
     JOIN held b ON (((b.publication_id = a.publication_id) AND (b.source > a.source))))
  GROUP BY a.source, b.source
UNION ALL
 SELECT records.source AS source_a,
    records.source AS source_b,
    count(*) AS publication_count
   FROM (catalog.publications
     JOIN catalog.records ON ((records.record_id = publications.canonical_record_id)))
  WHERE (publications.source_count = 1)
  GROUP BY records.source;
COMMENT ON VIEW reporting.source_overlap IS 'How many publications do two catalogues both hold, and how many does each hold alone?';
COMMENT ON COLUMN reporting.source_overlap.source_a IS 'A catalogue';
COMMENT ON COLUMN reporting.source_overlap.source_b IS 'Another, later in the alphabet; the same one for the publications that no other catalogue holds';
COMMENT ON COLUMN reporting.source_overlap.publication_count IS 'Publications that both hold; where both are one, those that it holds alone';
CREATE VIEW reporting.source_quality AS
 SELECT records.source,
    count(*) AS record_count,
    round(((count(records.title))::numeric / (count(*))::numeric), 4) AS title_share,
    round(((count(NULLIF(cardinality(records.author_names), 0)))::numeric / (count(*))::numeric), 4) AS author_share,
    round(((count(records.publication_year))::numeric / (count(*))::numeric), 4) AS year_share,
    round(((count(records.publication_year_note))::numeric / (count(*))::numeric), 4) AS doubtful_year_share,
    round(((count(NULLIF(cardinality(records.language), 0)))::numeric / (count(*))::numeric), 4) AS language_share,
    round(((count(NULLIF(cardinality(records.format), 0)))::numeric / (count(*))::numeric), 4) AS format_share,
    round(((count(NULLIF(cardinality(records.topics), 0)))::numeric / (count(*))::numeric), 4) AS topic_share,
    round(((count(records.description))::numeric / (count(*))::numeric), 4) AS description_share,
    round(((count(records.container_title))::numeric / (count(*))::numeric), 4) AS container_share,
    round(((count(records.doi))::numeric / (count(*))::numeric), 4) AS doi_share,
    COALESCE(max(delivered.records_quarantined), (0)::bigint) AS quarantined_count,
    COALESCE(max(keyed.records_following_none), (0)::numeric) AS records_with_other_keys
   FROM ((catalog.records
     LEFT JOIN ( SELECT dumps.source,
            count(*) AS records_quarantined
           FROM (ops.quarantine
             JOIN ops.dumps ON ((dumps.dump_id = quarantine.dump_id)))
          GROUP BY dumps.source) delivered ON ((delivered.source = records.source)))
     LEFT JOIN ( SELECT dumps.source,
            sum(work_key_profiles.records_following) AS records_following_none
           FROM (ops.work_key_profiles
             JOIN ops.dumps ON ((dumps.dump_id = work_key_profiles.dump_id)))
          WHERE (work_key_profiles.profile = 'none'::text)
          GROUP BY dumps.source) keyed ON ((keyed.source = records.source)))
  WHERE (records.deleted_at IS NULL)
  GROUP BY records.source;
COMMENT ON VIEW reporting.source_quality IS 'How well are the records of each catalogue filled, and what is wrong with them?';
COMMENT ON COLUMN reporting.source_quality.source IS 'The catalogue';
COMMENT ON COLUMN reporting.source_quality.record_count IS 'Its living records';
COMMENT ON COLUMN reporting.source_quality.title_share IS 'Share of them with a title, 0 to 1';
COMMENT ON COLUMN reporting.source_quality.author_share IS 'Share with a name';
COMMENT ON COLUMN reporting.source_quality.year_share IS 'Share with a year of publication';
COMMENT ON COLUMN reporting.source_quality.doubtful_year_share IS 'Share whose year is uncertain, implausible or not what it says';
COMMENT ON COLUMN reporting.source_quality.language_share IS 'Share with a language';
COMMENT ON COLUMN reporting.source_quality.format_share IS 'Share with a format';
COMMENT ON COLUMN reporting.source_quality.topic_share IS 'Share with a subject';
COMMENT ON COLUMN reporting.source_quality.description_share IS 'Share with an abstract or summary';
COMMENT ON COLUMN reporting.source_quality.container_share IS 'Share with a journal, proceedings or series';
COMMENT ON COLUMN reporting.source_quality.doi_share IS 'Share with a valid DOI';
COMMENT ON COLUMN reporting.source_quality.quarantined_count IS 'What could not be read of its dumps, and still lies in quarantine';
COMMENT ON COLUMN reporting.source_quality.records_with_other_keys IS 'Records, of all its dumps together, with work keys that no known profile makes of them';
CREATE VIEW reporting.work_key_profiles AS
 WITH followed AS (
         SELECT profiles.dump_id,
            dumps.source,
            dumps.name AS dump,
            profiles.profile,
            profiles.records_with_keys,
            profiles.records_following,
            profiles.records_equal,
            array_position(ARRAY['vufind_marc'::text, 'vufind_xslt'::text, 'recordmanager'::text], profiles.profile) AS place,
            sum(profiles.records_following) OVER same_profile AS following_in_source,
            sum(profiles.records_equal) OVER same_profile AS equal_in_source,
            sum(profiles.records_with_keys) OVER same_profile AS with_keys_in_source
           FROM (ops.work_key_profiles profiles
             JOIN ops.dumps ON ((dumps.dump_id = profiles.dump_id)))
          WHERE (profiles.profile <> 'none'::text)
          WINDOW same_profile AS (PARTITION BY dumps.source, profiles.profile)
        ), of_dump AS (
         SELECT DISTINCT ON (followed.dump_id) followed.dump_id,
            followed.source,
            followed.dump,
            followed.profile,
            followed.records_with_keys,
            followed.records_following,
            followed.records_equal,
            followed.place,
            followed.following_in_source,
            followed.equal_in_source,
            followed.with_keys_in_source
           FROM followed
          ORDER BY followed.dump_id, followed.records_following DESC, followed.records_equal DESC, followed.place
        ), of_source AS (
         SELECT DISTINCT ON (followed.dump_id) followed.dump_id,
            followed.source,
            followed.dump,
            followed.profile,
            followed.records_with_keys,
            followed.records_following,
            followed.records_equal,
            followed.place,
            followed.following_in_source,
            followed.equal_in_source,
            followed.with_keys_in_source
           FROM followed
          ORDER BY followed.dump_id, followed.following_in_source DESC, followed.equal_in_source DESC, followed.place
        ), of_others AS (
         SELECT DISTINCT ON (followed.dump_id) followed.dump_id,
            followed.source,
            followed.dump,
            followed.profile,
            followed.records_with_keys,
            followed.records_following,
            followed.records_equal,
            followed.place,
            followed.following_in_source,
            followed.equal_in_source,
            followed.with_keys_in_source
           FROM followed
          WHERE (followed.with_keys_in_source > (followed.records_with_keys)::numeric)
          ORDER BY followed.dump_id, (followed.following_in_source - (followed.records_following)::numeric) DESC, (followed.equal_in_source - (followed.records_equal)::numeric) DESC, followed.place
        )
 SELECT of_dump.source,
    of_dump.dump,
    of_dump.records_with_keys,
    of_dump.records_following,
    of_source.records_following AS records_following_source_profile,
    of_others.records_following AS records_following_other_dumps,
    nothing.records_following AS records_following_none,
    nothing.examples,
        CASE
            WHEN (of_dump.records_following > 0) THEN of_dump.profile
            ELSE 'none'::text
        END AS profile,
        CASE
            WHEN (of_source.following_in_source > (0)::numeric) THEN of_source.profile
            ELSE 'none'::text
        END AS source_profile,
        CASE
            WHEN (of_others.following_in_source > (of_others.records_following)::numeric) THEN of_others.profile
            WHEN (of_others.dump_id IS NOT NULL) THEN 'none'::text
            ELSE NULL::text
        END AS profile_of_other_dumps
   FROM (((of_dump
     JOIN of_source ON ((of_source.dump_id = of_dump.dump_id)))
     LEFT JOIN of_others ON ((of_others.dump_id = of_dump.dump_id)))
     JOIN ops.work_key_profiles nothing ON (((nothing.dump_id = of_dump.dump_id) AND (nothing.profile = 'none'::text))));
COMMENT ON VIEW reporting.work_key_profiles IS 'By whose rules were the work keys made that a dump brings, and how many of its records do not follow them?';
COMMENT ON COLUMN reporting.work_key_profiles.source IS 'The catalogue';
COMMENT ON COLUMN reporting.work_key_profiles.dump IS 'Name of the dump; one of which no record brings keys is not here';
COMMENT ON COLUMN reporting.work_key_profiles.records_with_keys IS 'Records of the dump that bring work keys; they are used whatever they follow';
COMMENT ON COLUMN reporting.work_key_profiles.records_following IS 'Those of them that follow the profile of the dump';
COMMENT ON COLUMN reporting.work_key_profiles.records_following_source_profile IS 'Those of them that follow the profile of the catalogue';
COMMENT ON COLUMN reporting.work_key_profiles.records_following_other_dumps IS 'Those of them that follow the profile of the catalogue''s other dumps';
COMMENT ON COLUMN reporting.work_key_profiles.records_following_none IS 'Those of them whose keys no profile makes of the record';
COMMENT ON COLUMN reporting.work_key_profiles.examples IS 'Some of these: id of the record, and a key that it brings';
COMMENT ON COLUMN reporting.work_key_profiles.profile IS 'The profile that most records of the dump follow: vufind_marc, vufind_xslt, recordmanager or none';
COMMENT ON COLUMN reporting.work_key_profiles.source_profile IS 'The profile that most records of all dumps of the catalogue follow';
COMMENT ON COLUMN reporting.work_key_profiles.profile_of_other_dumps IS 'The profile that most records of the other dumps of the catalogue follow; null where there are none';
CREATE VIEW reporting.work_versions AS
 SELECT works.work_id,
    works.title AS work_title,
    publications.publication_id,
    publications.title,
    publications.publication_year,
    records.publication_kind,
    publications.container_title,
    records.edition,
    publications.doi,
    publications.record_count,
    ( SELECT array_agg(DISTINCT work_evidence.rule ORDER BY work_evidence.rule) AS array_agg
           FROM (catalog.records members
             JOIN catalog.work_evidence ON (((work_evidence.verdict = 'version'::text) AND ((work_evidence.record_id_a = members.record_id) OR (work_evidence.record_id_b = members.record_id)))))
          WHERE (members.publication_id = publications.publication_id)) AS rules
   FROM ((catalog.works
     JOIN catalog.publications ON ((publications.work_id = works.work_id)))
     JOIN catalog.records ON ((records.record_id = publications.canonical_record_id)))
  WHERE (works.publication_count > 1);
COMMENT ON VIEW reporting.work_versions IS 'Which publications does a work have, and by which rules do they belong together?';
COMMENT ON COLUMN reporting.work_versions.work_id IS 'A work of several publications';
COMMENT ON COLUMN reporting.work_versions.work_title IS 'Title of its canonical publication';
COMMENT ON COLUMN reporting.work_versions.publication_id IS 'One of its publications';
COMMENT ON COLUMN reporting.work_versions.title IS 'Title of this publication';
COMMENT ON COLUMN reporting.work_versions.publication_year IS 'Its year';
COMMENT ON COLUMN reporting.work_versions.publication_kind IS 'article, conference_paper, preprint, book ...';
COMMENT ON COLUMN reporting.work_versions.container_title IS 'Journal, proceedings or series it appeared in';
COMMENT ON COLUMN reporting.work_versions.edition IS 'Edition statement of its canonical record';
COMMENT ON COLUMN reporting.work_versions.doi IS 'Its DOI';
COMMENT ON COLUMN reporting.work_versions.record_count IS 'Number of records that describe it';
COMMENT ON COLUMN reporting.work_versions.rules IS 'Rules by which its records are versions of others';
CREATE VIEW reporting.works AS
 SELECT work_id,
    title,
    array_to_string(author_names, '; '::text) AS authors,
    first_year,
    last_year,
    publication_count,
    record_count
   FROM catalog.works;
COMMENT ON VIEW reporting.works IS 'Which works are there, and in how many publications?';
COMMENT ON COLUMN reporting.works.work_id IS 'The work';
COMMENT ON COLUMN reporting.works.title IS 'Title of its canonical publication';
COMMENT ON COLUMN reporting.works.authors IS 'Author names in order, with semicolons between them';
COMMENT ON COLUMN reporting.works.first_year IS 'Earliest year of its publications';
COMMENT ON COLUMN reporting.works.last_year IS 'Latest year of its publications';
COMMENT ON COLUMN reporting.works.publication_count IS 'Number of its publications';
COMMENT ON COLUMN reporting.works.record_count IS 'Number of its records';
INSERT INTO catalog.authors VALUES (269936659465929893, 'person|nunez|ana||', 'Núñez, Ana', 'person', 'Núñez', 'Ana', NULL, NULL, NULL, NULL, 'Latn');
INSERT INTO catalog.authors VALUES (-2646229633650030166, 'person|smith|john||1950', 'Smith, John', 'person', 'Smith', 'John', NULL, 1950, 2010, NULL, 'Latn');
INSERT INTO catalog.authors VALUES (1859270141906624566, 'person|roe|jane||', 'Roe, Jane', 'person', 'Roe', 'Jane', NULL, NULL, NULL, NULL, 'Latn');
INSERT INTO catalog.authors VALUES (-2809917220642641284, 'person|smith|j||', 'Smith, J.', 'person', 'Smith', 'J.', NULL, NULL, NULL, NULL, 'Latn');
INSERT INTO catalog.links VALUES (-173292859516943354, 1, -7961809129502601468, 'http://example.org/1', 'http://example.org/1', 'other', 'example.org', true);
INSERT INTO catalog.publications VALUES (5910532961917180542, 5910532961917180542, 5910532961917180542, 'Lakes of the North', NULL, NULL, NULL, NULL, '{"Smith, J."}', 2, 2, NULL);
INSERT INTO catalog.publications VALUES (-8462383404281439427, -8462383404281439427, -8462383404281439427, 'A study of rivers', 2001, NULL, NULL, NULL, '{"Nunez, Ana"}', 1, 1, NULL);
INSERT INTO catalog.publications VALUES (-173292859516943354, -8462383404281439427, -173292859516943354, 'A study of great rivers', 2001, NULL, NULL, NULL, '{"Núñez, Ana"}', 1, 1, NULL);
INSERT INTO catalog.record_authors VALUES (-173292859516943354, 1, 269936659465929893, NULL, 'author', 'Núñez, Ana');
INSERT INTO catalog.record_authors VALUES (8940748883814476833, 1, -2646229633650030166, NULL, 'author', 'Smith, John, 1950-2010');
INSERT INTO catalog.record_authors VALUES (7233618342964042051, 1, 1859270141906624566, NULL, 'author', 'Roe, Jane');
INSERT INTO catalog.record_authors VALUES (-8462383404281439427, 1, 269936659465929893, NULL, 'author', 'Nunez, Ana');
INSERT INTO catalog.record_authors VALUES (5910532961917180542, 1, -2809917220642641284, NULL, 'author', 'Smith, J.');
INSERT INTO catalog.record_identifiers VALUES (8940748883814476833, 'isbn', '9780306406157', '9780306406157', 'isbn', true, NULL);
INSERT INTO catalog.record_identifiers VALUES (7233618342964042051, 'issn', '0028-0836', '0028-0836', 'issn', true, NULL);
INSERT INTO catalog.record_identifiers VALUES (5910532961917180542, 'isbn', '9780306406157', '0306406152', 'isbn', true, NULL);
INSERT INTO catalog.record_work_keys VALUES (-173292859516943354, 957085848670955550, 'AT', 'AT nunezana astudyofrivers', 'given');
INSERT INTO catalog.record_work_keys VALUES (8940748883814476833, 2457226567003754660, 'AT', 'AT smithjohn lakesofthenorth', 'computed');
INSERT INTO catalog.record_work_keys VALUES (7233618342964042051, -7053480786959508053, 'AT', 'AT roejane ofmountains', 'computed');
INSERT INTO catalog.record_work_keys VALUES (-8462383404281439427, 957085848670955550, 'AT', 'AT nunezana astudyofrivers', 'computed');
INSERT INTO catalog.record_work_keys VALUES (-8462383404281439427, 6856866369160014268, 'AT', 'AT nunezana studyofrivers', 'computed');
INSERT INTO catalog.record_work_keys VALUES (5910532961917180542, 2799733340143814769, 'AT', 'AT smithj lakesofthenorth', 'computed');
INSERT INTO catalog.records VALUES (-8462383404281439427, 'town', '1', -8462383404281439427, -8462383404281439427, 'A study of rivers', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 2001, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '{"Nunez, Ana"}', NULL, 7068661729651619535, '2026-11-28 00:33:40.957774+00', NULL);
INSERT INTO catalog.records VALUES (5910532961917180542, 'town', '9', 5910532961917180542, 5910532961917180542, 'Lakes of the North', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '{"Smith, J."}', NULL, -2986738797630433198, '2026-11-28 00:33:40.957774+00', NULL);
INSERT INTO catalog.records VALUES (8940748883814476833, 'city', '2', 5910532961917180542, 5910532961917180542, 'Lakes of the north', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '{"Smith, John"}', NULL, -3700957031324533240, '2026-11-28 00:33:36.068951+00', NULL);
INSERT INTO catalog.records VALUES (-173292859516943354, 'city', '1', -173292859516943354, -8462383404281439427, 'A study of great rivers', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 2001, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '{"Núñez, Ana"}', NULL, -4592160462791808036, '2026-11-28 00:33:42.940683+00', NULL);
INSERT INTO catalog.records VALUES (7233618342964042051, 'city', '3', NULL, NULL, 'Of mountains', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '{"Roe, Jane"}', '{"local_note": "shelf 7"}', -2121440422382074329, '2026-11-28 00:33:42.940683+00', '2026-11-28 00:33:42.940683+00');
INSERT INTO catalog.work_evidence VALUES (5910532961917180542, 8940748883814476833, 'duplicate', 'identifier_agrees', 'The records have an ISBN in common.', 0.98, 'ID isbn 9780306406157', '2026-11-28 00:33:40.957774+00');
INSERT INTO catalog.work_evidence VALUES (-8462383404281439427, -173292859516943354, 'version', 'title_differs', 'The records share a work key, but the titles shown differ.', 0.7, 'AT nunezana astudyofrivers', '2026-11-28 00:33:42.940683+00');
INSERT INTO catalog.work_overrides VALUES ('3e707a88-98c2-4edb-bbb8-85b47c598765', -8462383404281439427, 5910532961917180542, 'different', 'one is a map', 'Ms Keeper', '2020-05-05 12:00:00+00', NULL, NULL);
INSERT INTO catalog.work_redirects VALUES ('publication', 8940748883814476833, 5910532961917180542, '2026-11-28 00:33:40.957774+00');
INSERT INTO catalog.work_redirects VALUES ('work', -173292859516943354, -8462383404281439427, '2026-11-28 00:33:40.957774+00');
INSERT INTO catalog.work_redirects VALUES ('work', 8940748883814476833, 5910532961917180542, '2026-11-28 00:33:40.957774+00');
INSERT INTO catalog.works VALUES (5910532961917180542, 5910532961917180542, 'Lakes of the North', NULL, NULL, '{"Smith, J."}', 1, 2);
INSERT INTO catalog.works VALUES (-8462383404281439427, -8462383404281439427, 'A study of rivers', 2001, 2001, '{"Nunez, Ana"}', 2, 2);
INSERT INTO ops.dumps VALUES (6093733352981052091, 'city', '2020', 'delta', '/road/dumps/city/2020', 'd4dbe72358e74cb5a56204b2640b4cf012beb8a3b0a6af456c41410f2c947986', 420, 4, 3, 0, 0, 0, 0, 0, 1, 0, 3, 3, 0, '{}', NULL, 'frames 5, readers 4, normalize 3, matching 5, ICU 77.1', '77.1', '2026-11-28 00:33:36.068951+00');
INSERT INTO ops.dumps VALUES (-3269394637875167246, 'town', '2020', 'delta', '/road/dumps/town/2020', '92c14b89892fdfdc07dd9d66346618d575b57a7a8126a8c738d1a8d538542b00', 185, 2, 2, 0, 0, 0, 0, 0, 0, 0, 3, 3, 4, '{}', NULL, 'frames 5, readers 4, normalize 3, matching 5, ICU 77.1', '77.1', '2026-11-28 00:33:40.957774+00');
INSERT INTO ops.dumps VALUES (1350919252908469395, 'city', '2021', 'full', '/road/dumps/city/2021', '93d2d355a8e5ec31b6ded7d37053ace793611f3b965813c74b060f85dbd79a89', 294, 2, 0, 1, 1, 0, 0, 1, 0, 0, 3, 2, 0, '{}', NULL, 'frames 5, readers 4, normalize 3, matching 5, ICU 77.1', '77.1', '2026-11-28 00:33:42.940683+00');
INSERT INTO ops.loads VALUES (1, 6093733352981052091, 'delta', 4, 3, 0, 0, 0, 0, 0, 1, 0, 3, 3, 0, 0.0512601270002051, 0.40627431199936836, 0.06526942100026645, 3.4218819010002335, '2026-11-28 00:33:36.068951+00');
INSERT INTO ops.loads VALUES (2, -3269394637875167246, 'delta', 2, 2, 0, 0, 0, 0, 0, 0, 0, 3, 3, 4, 0.038628642998446594, 0.5281774459999724, 0.7983134269998118, 0.5503945180007577, '2026-11-28 00:33:40.957774+00');
INSERT INTO ops.loads VALUES (3, 1350919252908469395, 'full', 2, 0, 1, 1, 0, 0, 1, 0, 0, 3, 2, 0, 0.0317659949996596, 0.5262838159997045, 0.7193553550005163, 0.46799843100052385, '2026-11-28 00:33:42.940683+00');
INSERT INTO ops.quarantine VALUES (7347870162010294961, 6093733352981052091, '2020', '', 398, 20, 4, 'not JSON: Expecting value at character 20', '\x7b226964223a202234222c20227469746c65223a', 'json lines', 'record', '\x', '2026-11-28 00:33:36.068951+00');
INSERT INTO ops.record_changes VALUES (2, -8462383404281439427, 'new', NULL, NULL, -8462383404281439427, NULL, -8462383404281439427);
INSERT INTO ops.record_changes VALUES (2, 5910532961917180542, 'new', NULL, NULL, 5910532961917180542, NULL, 5910532961917180542);
INSERT INTO ops.record_changes VALUES (2, -173292859516943354, 'regrouped', NULL, -173292859516943354, -8462383404281439427, -173292859516943354, -8462383404281439427);
INSERT INTO ops.record_changes VALUES (2, 8940748883814476833, 'regrouped', NULL, 8940748883814476833, 5910532961917180542, 8940748883814476833, 5910532961917180542);
INSERT INTO ops.record_changes VALUES (3, 7233618342964042051, 'ended', NULL, 7233618342964042051, NULL, 7233618342964042051, NULL);
INSERT INTO ops.record_changes VALUES (3, -173292859516943354, 'changed', '{"title": ["A study of rivers", "A study of great rivers"]}', -8462383404281439427, -173292859516943354, -8462383404281439427, -8462383404281439427);
INSERT INTO ops.record_matching_keys VALUES (2937912013706261751, 8940748883814476833);
INSERT INTO ops.record_matching_keys VALUES (-4440159628681995633, 7233618342964042051);
INSERT INTO ops.record_matching_keys VALUES (-4734353304172953219, -173292859516943354);
INSERT INTO ops.record_matching_keys VALUES (959209209051845660, 8940748883814476833);
INSERT INTO ops.record_matching_keys VALUES (-6235577138807058384, -8462383404281439427);
INSERT INTO ops.record_matching_keys VALUES (-4734353304172953219, -8462383404281439427);
INSERT INTO ops.record_matching_keys VALUES (959209209051845660, 5910532961917180542);
INSERT INTO ops.record_matching_keys VALUES (2937912013706261751, 5910532961917180542);
INSERT INTO ops.record_matching_keys VALUES (5204023469938297115, -8462383404281439427);
INSERT INTO ops.record_matching_keys VALUES (-8705309089855310018, -173292859516943354);
INSERT INTO ops.record_matching_keys VALUES (-7630071508214822564, -173292859516943354);
INSERT INTO ops.record_matching_keys VALUES (-4894921676779833884, -173292859516943354);
INSERT INTO ops.record_matching_keys VALUES (1885653656206525903, -173292859516943354);
INSERT INTO ops.record_matching_keys VALUES (7319197560961653224, -173292859516943354);
INSERT INTO ops.record_sightings VALUES (7233618342964042051, 6093733352981052091, 6093733352981052091, '2020', '', 288, 109);
INSERT INTO ops.record_sightings VALUES (-8462383404281439427, -3269394637875167246, -3269394637875167246, '2020', '', 0, 92);
INSERT INTO ops.record_sightings VALUES (5910532961917180542, -3269394637875167246, -3269394637875167246, '2020', '', 93, 91);
INSERT INTO ops.record_sightings VALUES (-173292859516943354, 6093733352981052091, 1350919252908469395, '2021', '', 0, 185);
INSERT INTO ops.record_sightings VALUES (8940748883814476833, 6093733352981052091, 1350919252908469395, '2021', '', 186, 107);
INSERT INTO ops.warehouse_version VALUES (true, 3, 5, '6469079513753590517', '509f053f-bd92-4794-8747-143f006d1095');
INSERT INTO ops.work_key_profiles VALUES (6093733352981052091, 'none', 1, 0, 0, '{}');
INSERT INTO ops.work_key_profiles VALUES (6093733352981052091, 'recordmanager', 1, 1, 0, '{}');
INSERT INTO ops.work_key_profiles VALUES (6093733352981052091, 'vufind_marc', 1, 1, 0, '{}');
INSERT INTO ops.work_key_profiles VALUES (6093733352981052091, 'vufind_xslt', 1, 1, 0, '{}');
INSERT INTO ops.work_key_profiles VALUES (1350919252908469395, 'none', 1, 1, 0, '{"1: AT nunezana astudyofrivers"}');
INSERT INTO ops.work_key_profiles VALUES (1350919252908469395, 'recordmanager', 1, 0, 0, '{}');
INSERT INTO ops.work_key_profiles VALUES (1350919252908469395, 'vufind_marc', 1, 0, 0, '{}');
INSERT INTO ops.work_key_profiles VALUES (1350919252908469395, 'vufind_xslt', 1, 0, 0, '{}');
ALTER TABLE ONLY catalog.authors
    ADD CONSTRAINT authors_pkey PRIMARY KEY (author_id);
ALTER TABLE ONLY catalog.links
    ADD CONSTRAINT links_link_id_key UNIQUE (link_id);
ALTER TABLE ONLY catalog.links
    ADD CONSTRAINT links_pkey PRIMARY KEY (record_id, "position");
ALTER TABLE ONLY catalog.publications
    ADD CONSTRAINT publications_pkey PRIMARY KEY (publication_id);
ALTER TABLE ONLY catalog.record_authors
    ADD CONSTRAINT record_authors_pkey PRIMARY KEY (record_id, "position");
ALTER TABLE ONLY catalog.record_identifiers
    ADD CONSTRAINT record_identifiers_pkey PRIMARY KEY (record_id, scheme, value);
ALTER TABLE ONLY catalog.record_work_keys
    ADD CONSTRAINT record_work_keys_pkey PRIMARY KEY (record_id, work_key_id);
ALTER TABLE ONLY catalog.records
    ADD CONSTRAINT records_pkey PRIMARY KEY (record_id);
ALTER TABLE ONLY catalog.records
    ADD CONSTRAINT records_source_source_record_id_key UNIQUE (source, source_record_id);
ALTER TABLE ONLY catalog.work_evidence
    ADD CONSTRAINT work_evidence_pkey PRIMARY KEY (record_id_a, record_id_b);
ALTER TABLE ONLY catalog.work_overrides
    ADD CONSTRAINT work_overrides_pkey PRIMARY KEY (override_id);
ALTER TABLE ONLY catalog.work_redirects
    ADD CONSTRAINT work_redirects_pkey PRIMARY KEY (level, old_id);
ALTER TABLE ONLY catalog.works
    ADD CONSTRAINT works_pkey PRIMARY KEY (work_id);
ALTER TABLE ONLY ops.dumps
    ADD CONSTRAINT dumps_pkey PRIMARY KEY (dump_id);
ALTER TABLE ONLY ops.dumps
    ADD CONSTRAINT dumps_source_name_key UNIQUE (source, name);
ALTER TABLE ONLY ops.loads
    ADD CONSTRAINT loads_pkey PRIMARY KEY (warehouse_version);
ALTER TABLE ONLY ops.matching_settings
    ADD CONSTRAINT matching_settings_pkey PRIMARY KEY (only_row);
ALTER TABLE ONLY ops.quarantine
    ADD CONSTRAINT quarantine_pkey PRIMARY KEY (quarantine_id);
ALTER TABLE ONLY ops.record_changes
    ADD CONSTRAINT record_changes_pkey PRIMARY KEY (warehouse_version, record_id);
ALTER TABLE ONLY ops.record_deletions
    ADD CONSTRAINT record_deletions_pkey PRIMARY KEY (record_id, dump_id);
ALTER TABLE ONLY ops.record_matching_keys
    ADD CONSTRAINT record_matching_keys_pkey PRIMARY KEY (matching_key_id, record_id);
ALTER TABLE ONLY ops.record_sightings
    ADD CONSTRAINT record_sightings_pkey PRIMARY KEY (record_id);
ALTER TABLE ONLY ops.warehouse_version
    ADD CONSTRAINT warehouse_version_pkey PRIMARY KEY (only_row);
ALTER TABLE ONLY ops.work_key_profiles
    ADD CONSTRAINT work_key_profiles_pkey PRIMARY KEY (dump_id, profile);
CREATE UNIQUE INDEX authors_heading_key_index ON catalog.authors USING btree (md5(heading_key));
CREATE INDEX publications_canonical_record_id_index ON catalog.publications USING btree (canonical_record_id);
CREATE INDEX publications_work_id_index ON catalog.publications USING btree (work_id);
CREATE INDEX record_authors_author_id_index ON catalog.record_authors USING btree (author_id);
CREATE INDEX record_identifiers_scheme_value_index ON catalog.record_identifiers USING btree (scheme, value);
CREATE INDEX record_work_keys_work_key_id_index ON catalog.record_work_keys USING btree (work_key_id);
CREATE INDEX records_ended_index ON catalog.records USING btree (record_id) WHERE (deleted_at IS NOT NULL);
CREATE INDEX records_publication_id_index ON catalog.records USING btree (publication_id);
CREATE INDEX records_work_id_index ON catalog.records USING btree (work_id);
CREATE INDEX work_evidence_record_id_b_index ON catalog.work_evidence USING btree (record_id_b);
CREATE UNIQUE INDEX work_overrides_pair_in_force_index ON catalog.work_overrides USING btree (record_id_a, record_id_b) WHERE (withdrawn_at IS NULL);
CREATE INDEX work_redirects_new_id_index ON catalog.work_redirects USING btree (new_id);
CREATE INDEX works_canonical_publication_id_index ON catalog.works USING btree (canonical_publication_id);
CREATE INDEX loads_dump_id_index ON ops.loads USING btree (dump_id);
CREATE INDEX quarantine_dump_id_index ON ops.quarantine USING btree (dump_id);
CREATE INDEX record_changes_record_id_index ON ops.record_changes USING btree (record_id);
CREATE INDEX record_deletions_dump_id_index ON ops.record_deletions USING btree (dump_id);
CREATE INDEX record_matching_keys_record_id_index ON ops.record_matching_keys USING btree (record_id);
ALTER TABLE ONLY catalog.links
    ADD CONSTRAINT links_record_id_fkey FOREIGN KEY (record_id) REFERENCES catalog.records(record_id);
ALTER TABLE ONLY catalog.publications
    ADD CONSTRAINT publications_canonical_record_id_fkey FOREIGN KEY (canonical_record_id) REFERENCES catalog.records(record_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY catalog.publications
    ADD CONSTRAINT publications_work_id_fkey FOREIGN KEY (work_id) REFERENCES catalog.works(work_id);
ALTER TABLE ONLY catalog.record_authors
    ADD CONSTRAINT record_authors_author_id_fkey FOREIGN KEY (author_id) REFERENCES catalog.authors(author_id);
ALTER TABLE ONLY catalog.record_authors
    ADD CONSTRAINT record_authors_record_id_fkey FOREIGN KEY (record_id) REFERENCES catalog.records(record_id);
ALTER TABLE ONLY catalog.record_identifiers
    ADD CONSTRAINT record_identifiers_record_id_fkey FOREIGN KEY (record_id) REFERENCES catalog.records(record_id);
ALTER TABLE ONLY catalog.record_work_keys
    ADD CONSTRAINT record_work_keys_record_id_fkey FOREIGN KEY (record_id) REFERENCES catalog.records(record_id);
ALTER TABLE ONLY catalog.records
    ADD CONSTRAINT records_publication_id_fkey FOREIGN KEY (publication_id) REFERENCES catalog.publications(publication_id);
ALTER TABLE ONLY catalog.records
    ADD CONSTRAINT records_work_id_fkey FOREIGN KEY (work_id) REFERENCES catalog.works(work_id);
ALTER TABLE ONLY catalog.work_evidence
    ADD CONSTRAINT work_evidence_record_id_a_fkey FOREIGN KEY (record_id_a) REFERENCES catalog.records(record_id);
ALTER TABLE ONLY catalog.work_evidence
    ADD CONSTRAINT work_evidence_record_id_b_fkey FOREIGN KEY (record_id_b) REFERENCES catalog.records(record_id);
ALTER TABLE ONLY catalog.works
    ADD CONSTRAINT works_canonical_publication_id_fkey FOREIGN KEY (canonical_publication_id) REFERENCES catalog.publications(publication_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY ops.loads
    ADD CONSTRAINT loads_dump_id_fkey FOREIGN KEY (dump_id) REFERENCES ops.dumps(dump_id);
ALTER TABLE ONLY ops.quarantine
    ADD CONSTRAINT quarantine_dump_id_fkey FOREIGN KEY (dump_id) REFERENCES ops.dumps(dump_id);
ALTER TABLE ONLY ops.record_deletions
    ADD CONSTRAINT record_deletions_dump_id_fkey FOREIGN KEY (dump_id) REFERENCES ops.dumps(dump_id);
ALTER TABLE ONLY ops.work_key_profiles
    ADD CONSTRAINT work_key_profiles_dump_id_fkey FOREIGN KEY (dump_id) REFERENCES ops.dumps(dump_id);
GRANT USAGE ON SCHEMA catalog TO warehouse_reader;
GRANT USAGE ON SCHEMA ops TO warehouse_reader;
GRANT USAGE ON SCHEMA reporting TO warehouse_reader;
GRANT SELECT ON TABLE catalog.authors TO warehouse_reader;
GRANT SELECT ON TABLE catalog.links TO warehouse_reader;
GRANT SELECT ON TABLE catalog.publications TO warehouse_reader;
GRANT SELECT ON TABLE catalog.record_authors TO warehouse_reader;
GRANT SELECT ON TABLE catalog.record_identifiers TO warehouse_reader;
GRANT SELECT ON TABLE catalog.record_work_keys TO warehouse_reader;
GRANT SELECT ON TABLE catalog.records TO warehouse_reader;
GRANT SELECT ON TABLE catalog.work_evidence TO warehouse_reader;
GRANT SELECT ON TABLE catalog.work_overrides TO warehouse_reader;
GRANT SELECT ON TABLE catalog.work_redirects TO warehouse_reader;
GRANT SELECT ON TABLE catalog.works TO warehouse_reader;
GRANT SELECT ON TABLE ops.dumps TO warehouse_reader;
GRANT SELECT ON TABLE ops.loads TO warehouse_reader;
GRANT SELECT ON TABLE ops.matching_settings TO warehouse_reader;
GRANT SELECT ON TABLE ops.quarantine TO warehouse_reader;
GRANT SELECT ON TABLE ops.record_changes TO warehouse_reader;
GRANT SELECT ON TABLE ops.record_deletions TO warehouse_reader;
GRANT SELECT ON TABLE ops.record_matching_keys TO warehouse_reader;
GRANT SELECT ON TABLE ops.record_sightings TO warehouse_reader;
GRANT SELECT ON TABLE ops.warehouse_version TO warehouse_reader;
GRANT SELECT ON TABLE ops.work_key_profiles TO warehouse_reader;
GRANT SELECT ON TABLE reporting.author_works TO warehouse_reader;
GRANT SELECT ON TABLE reporting.authors TO warehouse_reader;
GRANT SELECT ON TABLE reporting.coauthors TO warehouse_reader;
GRANT SELECT ON TABLE reporting.doi_coverage TO warehouse_reader;
GRANT SELECT ON TABLE reporting.duplicates TO warehouse_reader;
GRANT SELECT ON TABLE reporting.ended_records TO warehouse_reader;
GRANT SELECT ON TABLE reporting.facets TO warehouse_reader;
GRANT SELECT ON TABLE reporting.identifier_coverage TO warehouse_reader;
GRANT SELECT ON TABLE reporting.ingest_history TO warehouse_reader;
GRANT SELECT ON TABLE reporting.last_changes TO warehouse_reader;
GRANT SELECT ON TABLE reporting.links TO warehouse_reader;
GRANT SELECT ON TABLE reporting.matching_rules TO warehouse_reader;
GRANT SELECT ON TABLE reporting.publications TO warehouse_reader;
GRANT SELECT ON TABLE reporting.quarantine TO warehouse_reader;
GRANT SELECT ON TABLE reporting.record_changes TO warehouse_reader;
GRANT SELECT ON TABLE reporting.records TO warehouse_reader;
GRANT SELECT ON TABLE reporting.source_overlap TO warehouse_reader;
GRANT SELECT ON TABLE reporting.source_quality TO warehouse_reader;
GRANT SELECT ON TABLE reporting.work_key_profiles TO warehouse_reader;
GRANT SELECT ON TABLE reporting.work_versions TO warehouse_reader;
GRANT SELECT ON TABLE reporting.works TO warehouse_reader;
