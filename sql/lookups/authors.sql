-- What views tell of one author, and how it is read. The most prolific of a catalogue has records all over it. One by
-- one, as a nested loop asks for them, their pages come from a cold disk one after the other; asked for by lists of ids
-- they come in the order of the disk, several at a time, which only bitmaps do. The planner cannot know how long the
-- lists will be, so it is told.

-- The works that records credit somebody with, and the roles in which they do.
CREATE OR REPLACE FUNCTION reporting.works_of_author(author bigint)
RETURNS TABLE (
    work_id bigint, title text, first_year integer, last_year integer, publication_count integer, roles text[]
)
LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 10
SET enable_indexscan = off
SET enable_nestloop = off
BEGIN ATOMIC
    WITH credits AS MATERIALIZED (
        SELECT
            record_authors.record_id,
            record_authors.role
        FROM catalog.record_authors
        WHERE record_authors.author_id = author
    ),

    living AS MATERIALIZED (
        SELECT
            records.record_id,
            records.work_id
        FROM catalog.records
        WHERE records.record_id = ANY(ARRAY(SELECT credits.record_id FROM credits)) AND records.deleted_at IS NULL
    ),

    credited AS MATERIALIZED (
        SELECT
            living.work_id,
            ARRAY_AGG(DISTINCT credits.role) FILTER (WHERE credits.role IS NOT NULL) AS roles
        FROM credits
        INNER JOIN living ON living.record_id = credits.record_id
        GROUP BY living.work_id
    ),

    named AS MATERIALIZED (
        SELECT
            works.work_id,
            works.title,
            works.first_year,
            works.last_year,
            works.publication_count
        FROM catalog.works
        WHERE works.work_id = ANY(ARRAY(SELECT credited.work_id FROM credited))
    )

    SELECT
        named.work_id,
        named.title,
        named.first_year,
        named.last_year,
        named.publication_count,
        credited.roles
    FROM credited
    INNER JOIN named ON named.work_id = credited.work_id;
END;

COMMENT ON FUNCTION reporting.works_of_author(bigint) IS 'The works that living records credit a heading with, and the roles in which they do: what reporting.author_works tells of one author';

-- Who is credited beside somebody, in how many works and which years.
CREATE OR REPLACE FUNCTION reporting.coauthors_of_author(author bigint)
RETURNS TABLE (coauthor_id bigint, coauthor_name text, work_count bigint, first_year integer, last_year integer)
LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 10
SET enable_indexscan = off
SET enable_nestloop = off
BEGIN ATOMIC
    WITH living AS MATERIALIZED (
        SELECT
            records.record_id,
            records.work_id,
            records.publication_year
        FROM catalog.records
        WHERE
            records.record_id = ANY(
                ARRAY(SELECT mine.record_id FROM catalog.record_authors AS mine WHERE mine.author_id = author)
            )
            AND records.deleted_at IS NULL
    ),

    theirs AS MATERIALIZED (
        SELECT
            record_authors.record_id,
            record_authors.author_id
        FROM catalog.record_authors
        WHERE
            record_authors.record_id = ANY(ARRAY(SELECT living.record_id FROM living))
            AND record_authors.author_id <> author
    ),

    beside AS MATERIALIZED (
        SELECT
            theirs.author_id,
            COUNT(DISTINCT living.work_id) AS work_count,
            MIN(living.publication_year) AS first_year,
            MAX(living.publication_year) AS last_year
        FROM theirs
        INNER JOIN living ON living.record_id = theirs.record_id
        GROUP BY theirs.author_id
    ),

    named AS MATERIALIZED (
        SELECT
            authors.author_id,
            authors.name
        FROM catalog.authors
        WHERE authors.author_id = ANY(ARRAY(SELECT beside.author_id FROM beside))
    )

    SELECT
        named.author_id,
        named.name,
        beside.work_count,
        beside.first_year,
        beside.last_year
    FROM beside
    INNER JOIN named ON named.author_id = beside.author_id;
END;

COMMENT ON FUNCTION reporting.coauthors_of_author(bigint) IS 'Who is credited beside a heading by living records, in how many works and which years: what reporting.coauthors tells of one author';
