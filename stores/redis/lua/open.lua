-- Looks at what is there.

local types = {
  [meta] = 'hash', [jobs.key] = 'hash', [specs.key] = 'hash', [ids] = 'zset', [live.key] = 'hash', [runs.key] = 'hash',
  [loose.key] = 'hash', [deleted] = 'set', [leases] = 'zset', [dead] = 'zset', [claims] = 'hash', [lost] = 'hash',
  [history] = 'stream', [chains.key] = 'hash', [classes] = 'set',
}
for key, want in pairs(types) do
  local got = call('TYPE', key).ok
  if got ~= 'none' and got ~= want then
    error('CARILLON key ' .. key .. ' is a ' .. got .. ' and not the ' .. want .. ' that Carillon keeps there; give another Prefix')
  end
  if got ~= 'none' and not store[1] then
    error('CARILLON key ' .. key .. ' is not Carillon\'s, for ' .. meta .. ' does not say so; give another Prefix')
  end
end
local trimmed = redis.pcall('XTRIM', history, 'MINID', '~', '0')
if type(trimmed) == 'table' then
  if not string.find(trimmed.err, 'syntax error', 1, true) then return trimmed end
  error('CARILLON the server is too old; Redis 6.2 or later, or Valkey, is needed')
end
return 'OK'
