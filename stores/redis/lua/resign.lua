-- node

call('ZADD', leases, 'XX', 0, arg())
return 'OK'
