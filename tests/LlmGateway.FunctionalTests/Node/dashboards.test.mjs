// The dashboards against Grafana's own description of dashboards, of the version that grafana/README.md names: no member that it does not know.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import test from 'node:test';
import Ajv from 'ajv';
import { createGenerator } from 'ts-json-schema-generator';

const grafana = new URL('../../../grafana/', import.meta.url);
const types = new URL('./node_modules/@grafana/schema/', import.meta.url);
const schema = createGenerator({
  path: new URL('./dist/types/raw/dashboard/x/types.gen.d.ts', types).pathname, type: 'Dashboard', skipTypeCheck: true, additionalProperties: false,
}).createSchema('Dashboard');
const validate = new Ajv({ strict: false, allErrors: true }).compile(schema);

test('the version is the one that the README names', () => {
  const { version } = JSON.parse(readFileSync(new URL('./package.json', types)));
  assert.match(readFileSync(new URL('./README.md', grafana), 'utf8'), new RegExp(`Grafana ${version.replaceAll('.', '\\.')}`));
});

test('a member that Grafana does not know is found', () => {
  assert.ok(!validate({ title: 'x', schemaVersion: 42, panles: [] }));
});

for (const file of readdirSync(new URL('./dashboards/', grafana))) {
  test(file, () => {
    const ok = validate(JSON.parse(readFileSync(new URL(`./dashboards/${file}`, grafana))));
    assert.ok(ok, JSON.stringify(validate.errors?.slice(0, 5), null, 1));
  });
}
