-- Works that are new, and those of which anything differs.
INSERT INTO catalog.works ({columns})
SELECT {columns}
FROM staged_works
ORDER BY staged_works.work_id
ON CONFLICT (work_id) DO UPDATE
    SET ({columns}) = ROW({excluded});
