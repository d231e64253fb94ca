// The official openai SDK, unmodified, against a gateway that keeps answers: stored in one shape, given in every other.
import assert from 'node:assert/strict';
import test from 'node:test';
import OpenAI from 'openai';

const client = new OpenAI({ baseURL: process.env.GATEWAY_URL, apiKey: process.env.GATEWAY_KEY, maxRetries: 0, timeout: 30_000 });

const shapes = {
  async whole(messages) {
    const { data, response } = await client.chat.completions.create({ model: 'chat', messages }).withResponse();
    return { cache: response.headers.get('x-gateway-cache'), text: data.choices[0].message.content, reason: data.choices[0].finish_reason, usage: data.usage };
  },
  async stream(messages) {
    return read(await client.chat.completions.create({ model: 'chat', messages, stream: true }).withResponse());
  },
  async 'stream with usage'(messages) {
    return read(await client.chat.completions.create({ model: 'chat', messages, stream: true, stream_options: { include_usage: true } }).withResponse());
  },
};

async function read({ data, response }) {
  const answer = { cache: response.headers.get('x-gateway-cache'), text: '' };
  const ids = new Set();
  for await (const chunk of data) {
    ids.add(chunk.id);
    answer.text += chunk.choices[0]?.delta.content ?? '';
    answer.reason = chunk.choices[0]?.finish_reason ?? answer.reason;
    answer.usage = chunk.usage ?? answer.usage;
  }
  assert.equal(ids.size, 1);
  return answer;
}

for (const [stored, store] of Object.entries(shapes)) {
  for (const [given, give] of Object.entries(shapes)) {
    test(`stored as ${stored}, given as ${given}`, async () => {
      const messages = [{ role: 'user', content: `What is known of ${stored} and ${given}?` }];
      const first = await store(messages);
      const second = await give(messages);
      assert.deepEqual([first.cache, second.cache], ['miss', 'hit']);
      assert.ok(first.text.length > 0);
      assert.deepEqual([second.text, second.reason], [first.text, first.reason]);
      if (given === 'stream') {
        assert.equal(second.usage, undefined);
      } else {
        assert.ok(second.usage.total_tokens > 0);
        if (stored !== 'stream') {
          assert.deepEqual(second.usage, first.usage);
        }
      }
    });
  }
}

test('legacy completions, both ways', async () => {
  const whole = await client.completions.create({ model: 'chat', prompt: 'x' });
  const { data, response } = await client.completions.create({ model: 'chat', prompt: 'x', stream: true }).withResponse();
  assert.equal(response.headers.get('x-gateway-cache'), 'hit');
  let text = '';
  for await (const chunk of data) {
    text += chunk.choices[0].text;
  }
  assert.equal(text, whole.choices[0].text);
});

test('embeddings, a batch that is known in part', async () => {
  const one = await client.embeddings.create({ model: 'embed', input: ['a', 'b'] });
  const { data, response } = await client.embeddings.create({ model: 'embed', input: ['c', 'b', 'a'] }).withResponse();
  assert.equal(response.headers.get('x-gateway-cache'), 'miss');
  assert.deepEqual(data.data.map((vector) => vector.index), [0, 1, 2]);
  assert.deepEqual([data.data[2].embedding, data.data[1].embedding], one.data.map((vector) => vector.embedding));
  const again = await client.embeddings.create({ model: 'embed', input: ['c', 'b', 'a'] }).withResponse();
  assert.equal(again.response.headers.get('x-gateway-cache'), 'hit');
  assert.deepEqual(again.data.data, data.data);
});
