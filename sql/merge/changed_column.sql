-- How one column of catalog.records changes with the version that is brought: its name and its values, null where it does
-- not.
({name}, CASE WHEN {held} IS DISTINCT FROM {brought} THEN JSONB_BUILD_ARRAY({held}, {brought}) END)
