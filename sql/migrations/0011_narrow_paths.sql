-- Reports read narrow indexes where they read wide tables, whose rows lie all over the disk.
--
-- The index of publications knows the record as well: the planner does not forget that a join was by it when it leaves
-- the join out, and went through the whole table to count records.
DROP INDEX catalog.records_publication_id_index;
CREATE INDEX records_publication_id_index ON catalog.records (publication_id) INCLUDE (record_id);

-- From a heading to its works and those credited beside it without its credits' and records' rows, of which the most prolific has thousands.
DROP INDEX catalog.record_authors_author_id_index;
CREATE INDEX record_authors_author_id_index ON catalog.record_authors (author_id) INCLUDE (record_id, role);
CREATE INDEX records_living_index ON catalog.records (record_id) INCLUDE (work_id, publication_year) WHERE work_id IS NOT NULL;

-- Who is credited most, and which works have most publications, is what many ask first.
CREATE INDEX works_publication_count_index ON catalog.works (publication_count);
CREATE INDEX author_counts_work_count_index ON ops.author_counts (work_count);
