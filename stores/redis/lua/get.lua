-- id; returns row, spec

local id = arg()
local row = get(jobs, id)
if not row then return false end
return {row, get(specs, incOf(id)) or ''}
