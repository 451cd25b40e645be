-- Lift the timeouts that a server sets for everybody: a load takes as long as it takes, and its transaction is idle
-- while pairs are decided. Nor are its statements compiled (jit), which takes longer than they do: how few rows are
-- staged the planner cannot know. What the client itself asked for, in the URL's options, holds.
SELECT SET_CONFIG(settings.name, '0', false)
FROM pg_settings AS settings
WHERE
    settings.name IN (
        'statement_timeout',
        'lock_timeout',
        'idle_in_transaction_session_timeout',
        'idle_session_timeout',
        'transaction_timeout',
        'jit'
    )
    AND settings.setting NOT IN ('0', 'off')
    AND settings.source <> 'client';
