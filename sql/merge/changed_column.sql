-- How one column of catalog.records changes with the version that is brought: an object of its name and its values, empty
-- where it does not.
CASE
    WHEN {held} IS DISTINCT FROM {brought} THEN JSONB_BUILD_OBJECT({name}, JSONB_BUILD_ARRAY({held}, {brought}))
    ELSE '{{}}'
END
