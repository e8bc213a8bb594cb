-- after, limit; returns id, row, spec, ...

local after, limit = arg(), arg()
local list = call('ZRANGEBYLEX', ids, after == '' and '-' or '(' .. after, '+', 'LIMIT', 0, limit)
fetch(jobs, list)
local incs = {}
for i, id in ipairs(list) do incs[i] = incOf(id) end
fetch(specs, incs)
local page = {}
for i, id in ipairs(list) do
  page[#page + 1] = id
  page[#page + 1] = get(jobs, id) or ''
  page[#page + 1] = get(specs, incs[i]) or ''
end
return page
