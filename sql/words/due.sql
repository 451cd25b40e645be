-- Publications that a load brings, changes or may have emptied: their words are to be made anew.
INSERT INTO reporting.words_due (publication_id)
SELECT staged_publications.publication_id
FROM staged_publications
UNION
SELECT staged_former.id
FROM staged_former
WHERE staged_former.level = 'publication'
ON CONFLICT DO NOTHING;
