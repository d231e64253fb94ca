-- KEYS: leases. ARGV: how many at most. Gives: ids whose lease has ended, the oldest first.
return redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', math.floor(now_us() / 1000), 'LIMIT', 0, ARGV[1])
