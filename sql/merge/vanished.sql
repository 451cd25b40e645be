-- Publications and works that have no member any more. Most changed records are where they were: what they are in has one.
DELETE FROM catalog.publications
USING staged_former
WHERE
    staged_former.level = 'publication'
    AND publications.publication_id = staged_former.id
    AND NOT EXISTS (SELECT FROM staged_records WHERE staged_records.publication_id = staged_former.id)
    AND NOT EXISTS (SELECT FROM catalog.records WHERE records.publication_id = publications.publication_id);

DELETE FROM catalog.works
USING staged_former
WHERE
    staged_former.level = 'work'
    AND works.work_id = staged_former.id
    AND NOT EXISTS (SELECT FROM staged_records WHERE staged_records.work_id = staged_former.id)
    AND NOT EXISTS (SELECT FROM catalog.records WHERE records.work_id = works.work_id);
