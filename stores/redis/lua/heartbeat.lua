-- node, ttl in microseconds (0: the only owner)

local node, ttl = arg(), tonumber(arg())
local till = call('ZSCORE', leases, node)
if call('ZSCORE', dead, node) or till and tonumber(till) <= now then return 'expired' end

-- Only owners have the score inf.
if ttl == 0 then
  for _, other in ipairs(call('ZREVRANGEBYSCORE', leases, '(inf', '(' .. int(now))) do
    if other ~= node then return {'shared', other, call('ZSCORE', leases, other) - now} end
  end
end
for _, other in ipairs(call('ZRANGEBYSCORE', leases, 'inf', 'inf')) do
  if other ~= node then call('ZADD', leases, 0, other) end
end
found()
if ttl == 0 then
  call('ZADD', leases, 'inf', node)
elseif not till or till == 'inf' or tonumber(till) < now + ttl then
  call('ZADD', leases, int(now + ttl), node)
end
return 'OK'
