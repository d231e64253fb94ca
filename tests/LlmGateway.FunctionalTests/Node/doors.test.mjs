// The official SDKs, unmodified, at the front doors of Responses and Messages: tools, errors, and streams that die.
import assert from 'node:assert/strict';
import test from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';

const options = { apiKey: process.env.GATEWAY_KEY, maxRetries: 0, timeout: 30_000 };
const openai = new OpenAI({ ...options, baseURL: process.env.GATEWAY_URL });
const anthropic = new Anthropic({ ...options, baseURL: new URL('..', process.env.GATEWAY_URL).href });
const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false };
const ask = [{ role: 'user', content: 'How is the weather?' }];

test('Responses: a tool is called, whole and streamed, and its result is answered', async () => {
  const tools = [{ type: 'function', name: 'get_weather', description: 'the weather', parameters: schema, strict: true }];
  const whole = await openai.responses.create({ model: 'chat', input: ask, tools });
  const call = whole.output.find((item) => item.type === 'function_call');
  assert.equal(call.name, 'get_weather');
  assert.equal(typeof JSON.parse(call.arguments).city, 'string');

  const streamed = await openai.responses.stream({ model: 'chat', input: ask, tools }).finalResponse();
  const again = streamed.output.find((item) => item.type === 'function_call');
  assert.deepEqual([again.name, again.arguments], [call.name, call.arguments]);

  const answered = await openai.responses.create({
    model: 'chat', tools, input: [...ask, ...whole.output, { type: 'function_call_output', call_id: call.call_id, output: 'rain' }],
  });
  assert.ok(answered.output_text.length > 0);
});

test('Messages: a tool is called, whole and streamed, and its result is answered', async () => {
  const tools = [{ name: 'get_weather', description: 'the weather', input_schema: schema }];
  const whole = await anthropic.messages.create({ model: 'chat', max_tokens: 200, messages: ask, tools });
  const use = whole.content.find((block) => block.type === 'tool_use');
  assert.equal(whole.stop_reason, 'tool_use');
  assert.equal(use.name, 'get_weather');
  assert.equal(typeof use.input.city, 'string');

  const streamed = await anthropic.messages.stream({ model: 'chat', max_tokens: 200, messages: ask, tools }).finalMessage();
  assert.deepEqual(streamed.content.find((block) => block.type === 'tool_use').input, use.input);

  const answered = await anthropic.messages.create({
    model: 'chat', max_tokens: 200, tools,
    messages: [...ask, { role: 'assistant', content: whole.content }, { role: 'user', content: [{ type: 'tool_result', tool_use_id: use.id, content: 'rain' }] }],
  });
  assert.equal(answered.stop_reason, 'end_turn');
});

test('Messages: what went wrong is an error of its own class', async () => {
  const stranger = new Anthropic({ ...options, apiKey: 'sk-nobody', baseURL: anthropic.baseURL });
  await assert.rejects(stranger.messages.create({ model: 'chat', max_tokens: 9, messages: ask }), (error) =>
    error instanceof Anthropic.AuthenticationError && error.error.error.type === 'authentication_error' && error.requestID.length > 0);
  await assert.rejects(anthropic.messages.create({ model: 'nothing', max_tokens: 9, messages: ask }), (error) =>
    error instanceof Anthropic.NotFoundError && error.error.error.type === 'not_found_error');
  await assert.rejects(anthropic.messages.create({ model: 'chat', messages: ask }), (error) =>
    error instanceof Anthropic.BadRequestError && /max_tokens/.test(error.error.error.message));
  await assert.rejects(anthropic.messages.create({ model: 'busy', max_tokens: 9, messages: ask }), (error) => error.status >= 500 || error.status === 429);
  await assert.rejects(anthropic.post('/v1/messages/batches', { body: {} }), (error) => error.error.error.type === 'not_found_error');
});

test('Responses: what went wrong is an error of its own class', async () => {
  await assert.rejects(openai.responses.create({ model: 'nothing', input: 'x' }), (error) => error instanceof OpenAI.NotFoundError && error.code === 'model_not_found');
  await assert.rejects(openai.responses.create({ model: 'chat', input: 'x', previous_response_id: 'resp_1' }), (error) =>
    error instanceof OpenAI.BadRequestError && error.param === 'previous_response_id');
  await assert.rejects(openai.responses.create({ model: 'chat', input: 'x', tools: [{ type: 'web_search' }] }), (error) =>
    error instanceof OpenAI.BadRequestError && /tools\[0\]/.test(error.message));
});

test('Messages: a stream that dies is raised, not ended', async () => {
  const stream = anthropic.messages.stream({ model: 'dies', max_tokens: 200, messages: ask });
  await assert.rejects(stream.finalMessage(), (error) => error instanceof Anthropic.APIError);
});

test('Responses: a stream that dies is failed, not completed', async () => {
  const types = [];
  let failure;
  try {
    for await (const event of await openai.responses.create({ model: 'dies', input: ask, stream: true })) {
      types.push(event.type);
      failure = event.response?.error ?? failure;
    }
  } catch (error) {
    failure = error;
  }
  assert.ok(failure, types.join());
  assert.ok(!types.includes('response.completed'));
});
