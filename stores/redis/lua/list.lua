-- after, limit; returns id, row, spec, ...

local after, limit = arg(), arg()
local page = {}
for _, id in ipairs(call('ZRANGEBYLEX', ids, after == '' and '-' or '(' .. after, '+', 'LIMIT', 0, limit)) do
  local row = call('HGET', jobs, id) or ''
  page[#page + 1] = id
  page[#page + 1] = row
  page[#page + 1] = call('HGET', specs, string.match(row, '^%d+ (%d+)') or '') or ''
end
return page
