-- What is staged of a delta of some ten thousand records is read a dozen times: 64 MiB of it stay in memory, taken as they
-- are used. What the client itself asked for, in the URL's options, holds, and so does more.
SELECT SET_CONFIG('temp_buffers', '64MB', false)
FROM pg_settings AS settings
WHERE
    settings.name = 'temp_buffers'
    AND settings.setting::integer < 8192
    AND settings.source <> 'client';
