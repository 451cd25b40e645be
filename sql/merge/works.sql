-- Works that are new, and those of which anything differs.
WITH known AS (
    UPDATE catalog.works
    SET ({columns}) = ROW({staged})
    FROM staged_works
    WHERE works.work_id = staged_works.work_id
    RETURNING works.work_id
)

INSERT INTO catalog.works ({columns})
SELECT {columns}
FROM staged_works
WHERE NOT EXISTS (SELECT FROM known WHERE known.work_id = staged_works.work_id)
ORDER BY staged_works.work_id;
