-- Every record whose publication or work can change: those asked for, the touched ones, the members of their works,
-- and all that accepted evidence links with any of these. A chain of links may have been broken between two works
-- because a pair within it must stay apart; which of its links give way depends on the whole chain.
WITH RECURSIVE direct AS (
    SELECT asked_records.record_id
    FROM asked_records
    UNION
    SELECT touched_records.record_id
    FROM touched_records
),

linked AS (
    SELECT members.record_id
    FROM direct
    INNER JOIN catalog.records ON records.record_id = direct.record_id
    INNER JOIN catalog.records AS members ON members.work_id = records.work_id
    UNION
    SELECT direct.record_id
    FROM direct
    UNION
    SELECT links.record_id
    FROM linked
    CROSS JOIN LATERAL (
        SELECT work_evidence.record_id_b AS record_id
        FROM catalog.work_evidence
        WHERE work_evidence.record_id_a = linked.record_id AND work_evidence.verdict <> 'different'
        UNION ALL
        SELECT work_evidence.record_id_a
        FROM catalog.work_evidence
        WHERE work_evidence.record_id_b = linked.record_id AND work_evidence.verdict <> 'different'
    ) AS links
)

SELECT linked.record_id
FROM linked;
