// The official SDKs of OpenAI and Anthropic, unmodified, against one gateway: stored by any dialect and stream flag, given to any other.
import assert from 'node:assert/strict';
import test from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';

const openai = new OpenAI({ baseURL: process.env.GATEWAY_URL, apiKey: process.env.GATEWAY_KEY, maxRetries: 0, timeout: 30_000 });
const anthropic = new Anthropic({ baseURL: new URL('..', process.env.GATEWAY_URL).href, apiKey: process.env.GATEWAY_KEY, maxRetries: 0, timeout: 30_000 });
const system = 'Be brief.';
const most = 300;

const shapes = {
  async 'chat, whole'(question) {
    const { data, response } = await openai.chat.completions.create({ model: 'chat', max_tokens: most, messages: chat(question) }).withResponse();
    return facts(response, data.choices[0].message.content, data.choices[0].finish_reason === 'stop', data.usage.prompt_tokens, data.usage.completion_tokens);
  },
  async 'chat, streamed'(question) {
    const { data, response } = await openai.chat.completions.create({
      model: 'chat', max_tokens: most, messages: chat(question), stream: true, stream_options: { include_usage: true },
    }).withResponse();
    let [text, reason, usage] = ['', null, null];
    for await (const chunk of data) {
      text += chunk.choices[0]?.delta.content ?? '';
      reason = chunk.choices[0]?.finish_reason ?? reason;
      usage = chunk.usage ?? usage;
    }
    return facts(response, text, reason === 'stop', usage.prompt_tokens, usage.completion_tokens);
  },
  async 'responses, whole'(question) {
    const { data, response } = await openai.responses.create({ model: 'chat', max_output_tokens: most, instructions: system, input: question }).withResponse();
    return facts(response, data.output_text, data.status === 'completed', data.usage.input_tokens, data.usage.output_tokens);
  },
  async 'responses, streamed'(question) {
    const { data, response } = await openai.responses.create({ model: 'chat', max_output_tokens: most, instructions: system, input: question, stream: true }).withResponse();
    let [text, ended, number] = ['', null, 0];
    for await (const event of data) {
      assert.equal(event.sequence_number, number++);
      text += event.type === 'response.output_text.delta' ? event.delta : '';
      ended = event;
    }
    assert.equal(ended.type, 'response.completed');
    assert.equal(ended.response.output.find((item) => item.type === 'message').content[0].text, text);
    return facts(response, text, ended.response.status === 'completed', ended.response.usage.input_tokens, ended.response.usage.output_tokens);
  },
  async 'messages, whole'(question) {
    const { data, response } = await anthropic.messages.create({ model: 'chat', max_tokens: most, system, messages: turns(question) }).withResponse();
    assert.equal(data.type, 'message');
    return facts(response, textOf(data), data.stop_reason === 'end_turn', data.usage.input_tokens, data.usage.output_tokens);
  },
  async 'messages, streamed'(question) {
    const stream = anthropic.messages.stream({ model: 'chat', max_tokens: most, system, messages: turns(question) });
    const { response } = await stream.withResponse();
    let text = '';
    stream.on('text', (delta) => { text += delta; });
    const message = await stream.finalMessage();
    assert.equal(textOf(message), text);
    return facts(response, text, message.stop_reason === 'end_turn', message.usage.input_tokens, message.usage.output_tokens);
  },
};

const chat = (question) => [{ role: 'system', content: system }, { role: 'user', content: question }];
const turns = (question) => [{ role: 'user', content: question }];
const textOf = (message) => message.content.filter((block) => block.type === 'text').map((block) => block.text).join('');
const facts = (response, text, good, input, output) => ({ cache: response.headers.get('x-gateway-cache'), answer: { text, good, input, output } });

for (const [stored, store] of Object.entries(shapes)) {
  for (const [given, give] of Object.entries(shapes)) {
    test(`stored as ${stored}, given as ${given}`, async () => {
      const question = `What is known of ${stored} and ${given}? 江河`;
      const first = await store(question);
      const second = await give(question);
      assert.deepEqual([first.cache, second.cache], ['miss', 'hit']);
      assert.ok(first.answer.text.length > 0 && first.answer.good && first.answer.output > 0);
      assert.deepEqual(second.answer, first.answer);
    });
  }
}
