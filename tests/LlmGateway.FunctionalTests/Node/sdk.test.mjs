// The official openai SDK, unmodified, against the gateway: what an application developer sees.
// Needs GATEWAY_URL (…/v1) and GATEWAY_KEY; the routes are those of SdkConfiguration.cs.
import assert from 'node:assert/strict';
import test from 'node:test';
import OpenAI from 'openai';

const url = process.env.GATEWAY_URL;
const key = process.env.GATEWAY_KEY;
assert.ok(url && key, 'set GATEWAY_URL and GATEWAY_KEY');

const client = new OpenAI({ baseURL: url, apiKey: key, maxRetries: 0, timeout: 30_000 });
const messages = [{ role: 'user', content: 'Say something about rivers.' }];
const tool = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'The weather of a city',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
};

async function rejects(promise, type, status, code) {
  await assert.rejects(promise, (error) => {
    assert.ok(error instanceof type, `${error?.constructor?.name} is no ${type.name}: ${error?.message}`);
    assert.equal(error.status, status);
    if (code !== undefined) assert.equal(error.code, code);
    return true;
  });
}

test('chat', async () => {
  const { data, response } = await client.chat.completions.create({ model: 'chat', messages }).withResponse();
  assert.equal(data.object, 'chat.completion');
  assert.equal(data.choices[0].finish_reason, 'stop');
  assert.ok(data.choices[0].message.content.length > 0);
  assert.equal(data.usage.total_tokens, data.usage.prompt_tokens + data.usage.completion_tokens);
  assert.match(response.headers.get('x-gateway-cost'), /^\d+\.\d{9} USD$/);
  assert.equal(data._request_id, response.headers.get('x-request-id'));
});

test('stream without usage has no trace of it', async () => {
  const stream = await client.chat.completions.create({ model: 'chat', messages, stream: true });
  const ids = new Set();
  let text = '';
  let finish = null;
  for await (const chunk of stream) {
    assert.ok(!('usage' in chunk), 'usage was not asked for');
    assert.equal(chunk.choices.length, 1);
    ids.add(chunk.id);
    text += chunk.choices[0].delta.content ?? '';
    finish = chunk.choices[0].finish_reason ?? finish;
  }
  assert.equal(ids.size, 1);
  assert.equal(finish, 'stop');
  assert.ok(text.length > 0);
});

test('stream with usage ends with it, and says what the whole answer says', async () => {
  const stream = await client.chat.completions.create({ model: 'chat', messages, stream: true, stream_options: { include_usage: true } });
  let text = '';
  let last;
  for await (const chunk of stream) {
    if (last) assert.equal(last.usage, null);
    text += chunk.choices[0]?.delta.content ?? '';
    last = chunk;
  }
  assert.deepEqual(last.choices, []);
  const whole = await client.chat.completions.create({ model: 'chat', messages });
  assert.equal(text, whole.choices[0].message.content);
  assert.equal(last.usage.completion_tokens, whole.usage.completion_tokens);
});

test('tools', async () => {
  const answer = await client.chat.completions.create({ model: 'chat', messages, tools: [tool] });
  const call = answer.choices[0].message.tool_calls[0];
  assert.equal(answer.choices[0].finish_reason, 'tool_calls');
  assert.equal(call.function.name, 'get_weather');
  assert.equal(typeof JSON.parse(call.function.arguments).city, 'string');
});

test('tools in a stream, put together by the SDK', async () => {
  const runner = client.chat.completions.stream({ model: 'chat', messages, tools: [tool] });
  const answer = await runner.finalChatCompletion();
  assert.equal(typeof JSON.parse(answer.choices[0].message.tool_calls[0].function.arguments).city, 'string');
});

test('JSON schema', async () => {
  const schema = { type: 'object', properties: { name: { type: 'string' }, age: { type: 'integer' } }, required: ['name', 'age'], additionalProperties: false };
  const answer = await client.chat.completions.create({
    model: 'chat', messages, response_format: { type: 'json_schema', json_schema: { name: 'person', strict: true, schema } },
  });
  const person = JSON.parse(answer.choices[0].message.content);
  assert.equal(typeof person.name, 'string');
  assert.ok(Number.isInteger(person.age));
});

test('images in messages', async () => {
  const answer = await client.chat.completions.create({
    model: 'chat',
    messages: [{ role: 'user', content: [{ type: 'text', text: 'What is this?' }, { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } }] }],
  });
  assert.ok(answer.choices[0].message.content.length > 0);
});

test('several choices', async () => {
  const answer = await client.chat.completions.create({ model: 'chat', messages, n: 2 });
  assert.deepEqual(answer.choices.map((choice) => choice.index), [0, 1]);
});

test('legacy completions', async () => {
  const answer = await client.completions.create({ model: 'chat', prompt: 'Once upon' });
  assert.equal(answer.object, 'text_completion');
});

test('embeddings', async () => {
  const answer = await client.embeddings.create({ model: 'embed', input: ['one', 'two'], dimensions: 16 });
  assert.equal(answer.data.length, 2);
  assert.equal(answer.data[0].embedding.length, 16);
  assert.ok(answer.usage.prompt_tokens > 0);
});

test('models', async () => {
  const ids = (await client.models.list()).data.map((model) => model.id);
  assert.ok(ids.includes('chat') && ids.includes('embed'));
  assert.equal((await client.models.retrieve('chat')).id, 'chat');
  await rejects(client.models.retrieve('absent'), OpenAI.NotFoundError, 404, 'model_not_found');
});

test('every error class raises the right exception', async (t) => {
  const chat = (model, more = {}) => client.chat.completions.create({ model, messages, ...more });
  const cases = [
    ['no such route', () => chat('absent'), OpenAI.NotFoundError, 404, 'model_not_found'],
    ['wrong key', () => client.withOptions({ apiKey: 'sk-wrong-key-wrong-key-wrong-key' }).chat.completions.create({ model: 'chat', messages }), OpenAI.AuthenticationError, 401, 'invalid_api_key'],
    ['wrong type', () => chat('chat', { stream: 'yes' }), OpenAI.BadRequestError, 400],
    ['upstream_auth', () => chat('upstream-auth'), OpenAI.InternalServerError, 502, 'upstream_auth_error'],
    ['model_access', () => chat('model-access'), OpenAI.NotFoundError, 404, 'model_not_found'],
    ['context_length', () => chat('context-length'), OpenAI.BadRequestError, 400, 'context_length_exceeded'],
    ['content_filter', () => chat('content-filter'), OpenAI.BadRequestError, 400, 'content_filter'],
    ['rate_limit', () => chat('rate-limit'), OpenAI.RateLimitError, 429, 'rate_limit_exceeded'],
    ['quota_exhausted', () => chat('quota-exhausted'), OpenAI.RateLimitError, 429, 'insufficient_quota'],
    ['overloaded', () => chat('overloaded'), OpenAI.InternalServerError, 503, 'overloaded'],
    ['timeout', () => chat('timeout'), OpenAI.InternalServerError, 504, 'deadline_exceeded'],
    ['bad_gateway', () => chat('bad-gateway'), OpenAI.InternalServerError, 502, 'upstream_error'],
    ['bad_request', () => chat('bad-request'), OpenAI.UnprocessableEntityError, 422],
  ];
  for (const [name, call, type, status, code] of cases) {
    await t.test(name, () => rejects(call(), type, status, code));
  }
});

test('a stream that dies raises, and keeps what came before', async (t) => {
  for (const model of ['cut', 'malformed', 'error-frame']) {
    await t.test(model, async () => {
      const stream = await client.chat.completions.create({ model, messages, stream: true });
      let chunks = 0;
      await assert.rejects(async () => {
        for await (const _ of stream) chunks++;
      }, (error) => error instanceof OpenAI.APIError);
      assert.ok(chunks > 0);
    });
  }
});

test('a stream without its end mark ends well', async () => {
  const stream = await client.chat.completions.create({ model: 'no-done', messages, stream: true });
  let finish = null;
  for await (const chunk of stream) finish = chunk.choices[0]?.finish_reason ?? finish;
  assert.equal(finish, 'stop');
});
