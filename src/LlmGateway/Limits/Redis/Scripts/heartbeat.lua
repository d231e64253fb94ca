-- KEYS: nodes. ARGV: node, ms after which a node that is not heard of is gone. Gives: how many there are.
local now_ms = math.floor(now_us() / 1000)
redis.call('ZADD', KEYS[1], now_ms, ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now_ms - ARGV[2])
return redis.call('ZCARD', KEYS[1])
