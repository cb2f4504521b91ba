// The public OpenFeature server SDK and its OFREP provider against a running engine: FLYWHEEL_URL, with a live campaign "spring"
// and a paused one "asleep", both of the slots headline and image.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { OFREPProvider } from '@openfeature/ofrep-provider';
import { ErrorCode, OpenFeature } from '@openfeature/server-sdk';

const url = process.env.FLYWHEEL_URL;
const none = { text: 'the default' };
const young = { targetingKey: 'u-1', age: 24, city: 'Paris' };
let client;

before(async () => {
  await OpenFeature.setProviderAndWait(new OFREPProvider({ baseUrl: url }));
  client = OpenFeature.getClient();
});
after(() => OpenFeature.close());

test('a slot is an object flag of its module', async () => {
  const details = await client.getObjectDetails('spring.headline', none, young);
  assert.equal(details.errorCode, undefined);
  assert.ok(['h1', 'h2'].includes(details.variant));
  assert.equal(typeof details.value.text, 'string');
  assert.notDeepEqual(details.value, none);
  assert.ok(['SPLIT', 'DEFAULT', 'STALE'].includes(details.reason));
  assert.equal(details.flagMetadata.segment, 'young-urban');
  assert.ok(details.flagMetadata.propensity > 0 && details.flagMetadata.propensity <= 1);
});

test('the same unit has the same variant', async () => {
  const first = await client.getObjectDetails('spring.headline', none, young);
  for (let i = 0; i < 5; i++) {
    assert.equal((await client.getObjectDetails('spring.headline', none, young)).variant, first.variant);
  }
});

test('the decision in the metadata takes the click', async () => {
  const { flagMetadata } = await client.getObjectDetails('spring.headline', none, { ...young, targetingKey: 'u-2' });
  const answer = await fetch(`${url}/v1/signals`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(['impression', 'click'].map((type) => ({ decisionId: flagMetadata.decisionId, type }))),
  });
  assert.equal(answer.status, 202);
  assert.deepEqual(await answer.json(), { accepted: 2, rejected: [] });
});

test('what cannot be evaluated leaves the default and names the error', async () => {
  const missing = await client.getObjectDetails('spring.sound', none, young);
  assert.deepEqual([missing.value, missing.errorCode], [none, ErrorCode.FLAG_NOT_FOUND]);
  const nobody = await client.getObjectDetails('spring.headline', none, { age: 24 });
  assert.deepEqual([nobody.value, nobody.errorCode], [none, ErrorCode.TARGETING_KEY_MISSING]);
});

// The provider takes an answer without a value for one of another type; the caller's default holds either way.
test('a paused campaign leaves the default', async () => {
  assert.deepEqual(await client.getObjectValue('asleep.headline', none, young), none);
});
