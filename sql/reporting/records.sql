-- What does each catalogue say of each living record, and in which dumps did it come?
CREATE OR REPLACE VIEW reporting.records AS
SELECT
    records.record_id,
    records.source,
    records.source_record_id,
    records.publication_id,
    records.work_id,
    records.title,
    ARRAY_TO_STRING(records.author_names, '; ') AS authors,
    records.publication_year,
    records.publication_kind,
    records.language,
    records.container_title,
    records.publisher,
    records.doi,
    earliest.name AS first_dump,
    latest.name AS last_dump
FROM catalog.records
-- Each record has these: outer joins, that who does not ask for dumps does not wait for them.
LEFT JOIN ops.record_sightings ON record_sightings.record_id = records.record_id
LEFT JOIN ops.dumps AS earliest ON earliest.dump_id = record_sightings.first_dump_id
LEFT JOIN ops.dumps AS latest ON latest.dump_id = record_sightings.last_dump_id
-- A living record is of a publication, which an index tells; when it ended only the wide table does.
WHERE records.publication_id IS NOT NULL;

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
