// The official openai SDK, unmodified, against answers that were kept and are written again; KeptAnswerServer.cs has them.
import assert from 'node:assert/strict';
import test from 'node:test';
import OpenAI from 'openai';

const client = new OpenAI({ baseURL: process.env.GATEWAY_URL, apiKey: process.env.GATEWAY_KEY, maxRetries: 0, timeout: 30_000 });
const messages = [{ role: 'user', content: 'Hi' }];

for (const model of ['text', 'tools', 'refusal', 'two']) {
  test(`${model}: the stream adds up to the whole answer`, async () => {
    const whole = await client.chat.completions.create({ model, messages });
    const chunks = [];
    const runner = client.chat.completions.stream({ model, messages, stream_options: { include_usage: true } });
    runner.on('chunk', (chunk) => chunks.push(chunk));
    const streamed = await runner.finalChatCompletion();

    assert.equal(streamed.id, whole.id);
    assert.equal(streamed.choices.length, whole.choices.length);
    for (const [i, choice] of whole.choices.entries()) {
      assert.equal(streamed.choices[i].finish_reason, choice.finish_reason);
      assert.equal(streamed.choices[i].message.content || null, choice.message.content);
      assert.equal(streamed.choices[i].message.refusal ?? null, choice.message.refusal ?? null);
      assert.deepEqual(
        streamed.choices[i].message.tool_calls?.map((call) => [call.id, call.function.name, call.function.arguments]),
        choice.message.tool_calls?.map((call) => [call.id, call.function.name, call.function.arguments]),
      );
      assert.deepEqual(streamed.choices[i].logprobs?.content, choice.logprobs?.content);
    }
    assert.deepEqual(streamed.usage ?? undefined, whole.usage);
    assert.ok(chunks.every((chunk) => chunk.id === 'chatcmpl-kept' && chunk.object === 'chat.completion.chunk'));
  });
}

test('usage is not told unless it was asked for', async () => {
  for await (const chunk of await client.chat.completions.create({ model: 'text', messages, stream: true })) {
    assert.equal(chunk.choices.length, 1);
    assert.ok(!('usage' in chunk));
  }
});

test('legacy completions', async () => {
  const whole = await client.completions.create({ model: 'completion', prompt: 'x' });
  let text = '';
  let reason;
  for await (const chunk of await client.completions.create({ model: 'completion', prompt: 'x', stream: true })) {
    text += chunk.choices[0].text;
    reason = chunk.choices[0].finish_reason ?? reason;
  }
  assert.deepEqual([text, reason], [whole.choices[0].text, whole.choices[0].finish_reason]);
});

test('embeddings', async () => {
  const answer = await client.embeddings.create({ model: 'e', input: ['a', 'b'] });
  assert.deepEqual(answer.data.map((vector) => Array.from(vector.embedding)), [[1, 2], [1, 2]]);
});
