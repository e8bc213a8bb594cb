-- id; returns row, spec

local id = arg()
local row = call('HGET', jobs, id)
if not row then return false end
return {row, call('HGET', specs, string.match(row, '^%d+ (%d+)') or '') or ''}
