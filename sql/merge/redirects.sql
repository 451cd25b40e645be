-- Former ids lead to what took their place, in one step; an id in use again leads nowhere else.
UPDATE catalog.work_redirects
SET new_id = staged_redirects.new_id, redirected_at = %(now)s
FROM staged_redirects
WHERE work_redirects.level = staged_redirects.level AND work_redirects.new_id = staged_redirects.old_id;

INSERT INTO catalog.work_redirects (level, old_id, new_id, redirected_at)
SELECT
    staged_redirects.level,
    staged_redirects.old_id,
    staged_redirects.new_id,
    %(now)s
FROM staged_redirects
ON CONFLICT (level, old_id) DO UPDATE
    SET new_id = excluded.new_id, redirected_at = excluded.redirected_at
    WHERE work_redirects.new_id <> excluded.new_id;

DELETE FROM catalog.work_redirects
USING staged_publications
WHERE work_redirects.level = 'publication' AND work_redirects.old_id = staged_publications.publication_id;

DELETE FROM catalog.work_redirects
USING staged_works
WHERE work_redirects.level = 'work' AND work_redirects.old_id = staged_works.work_id;

-- What led to a publication or work that has just vanished leads nowhere.
DELETE FROM catalog.work_redirects
USING staged_former
WHERE
    work_redirects.level = 'publication'
    AND staged_former.level = 'publication'
    AND work_redirects.new_id = staged_former.id
    AND NOT EXISTS (SELECT FROM catalog.publications WHERE publications.publication_id = staged_former.id);

DELETE FROM catalog.work_redirects
USING staged_former
WHERE
    work_redirects.level = 'work'
    AND staged_former.level = 'work'
    AND work_redirects.new_id = staged_former.id
    AND NOT EXISTS (SELECT FROM catalog.works WHERE works.work_id = staged_former.id);

-- A former id is the id of its founding record: while that record lives, it is where the record is.
UPDATE catalog.work_redirects
SET new_id = staged_assignments.publication_id, redirected_at = %(now)s
FROM staged_assignments
WHERE
    work_redirects.level = 'publication'
    AND work_redirects.old_id = staged_assignments.record_id
    AND work_redirects.new_id <> staged_assignments.publication_id;

UPDATE catalog.work_redirects
SET new_id = staged_assignments.work_id, redirected_at = %(now)s
FROM staged_assignments
WHERE
    work_redirects.level = 'work'
    AND work_redirects.old_id = staged_assignments.record_id
    AND work_redirects.new_id <> staged_assignments.work_id;
