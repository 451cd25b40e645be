-- The words by which publications are searched. Those of a warehouse that has publications are made by its next ingest;
-- until then reporting.search looks through the catalogue itself.

CREATE TABLE reporting.publication_words (
    publication_id BIGINT NOT NULL,
    words TSVECTOR NOT NULL,
    CONSTRAINT publication_words_pkey PRIMARY KEY (publication_id)
)
 WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.05);
COMMENT ON TABLE reporting.publication_words IS 'The words by which publications are searched; ask by reporting.search, which knows what is not in here yet';
COMMENT ON COLUMN reporting.publication_words.publication_id IS 'The publication';
COMMENT ON COLUMN reporting.publication_words.words IS 'Words of its title and of the names credited, as reporting.spelt_words makes them';
CREATE INDEX publication_words_words_index ON reporting.publication_words USING gin (words);

CREATE TABLE reporting.words_due (
    publication_id BIGINT NOT NULL,
    CONSTRAINT words_due_pkey PRIMARY KEY (publication_id)
);
COMMENT ON TABLE reporting.words_due IS 'Publications that a load has changed since their words were made: reporting.search looks through them itself';
COMMENT ON COLUMN reporting.words_due.publication_id IS 'The publication, which may be gone';

CREATE TABLE reporting.words_state (
    only_row BOOLEAN NOT NULL,
    is_complete BOOLEAN NOT NULL,
    CONSTRAINT words_state_pkey PRIMARY KEY (only_row)
);
COMMENT ON TABLE reporting.words_state IS 'Whether search can go by words, in one row';
COMMENT ON COLUMN reporting.words_state.only_row IS 'Always true: the table has one row';
COMMENT ON COLUMN reporting.words_state.is_complete IS 'Whether the words of all publications are made, but for those that are due';

INSERT INTO reporting.words_state (only_row, is_complete) VALUES (TRUE, NOT EXISTS (SELECT FROM catalog.publications));
