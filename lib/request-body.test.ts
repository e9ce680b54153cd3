import { describe, expect, it } from 'vitest';
import { AppError } from './errors';
import { MAX_BODY_BYTES, readJsonBody } from './request-body';

function send(
  body: BodyInit | null,
  headers: Record<string, string> = { 'content-type': 'application/json' },
) {
  const init = { method: 'PUT', body, headers, duplex: 'half' };
  return readJsonBody(new Request('http://site.test/', init));
}

async function refusal(sent: Promise<unknown>): Promise<{ code: string; issue: string | undefined }> {
  const error = await sent.then(
    (value) => expect.fail(`accepted ${JSON.stringify(value)}`),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof AppError)) throw error;
  return { code: error.code, issue: error.issues[0]?.code };
}

describe('readJsonBody', () => {
  it('reads JSON, with or without a charset and under a structured suffix', async () => {
    expect(await send('{"voltage_low":47.5}')).toEqual({ voltage_low: 47.5 });
    expect(await send('[1]', { 'content-type': 'Application/JSON; charset=UTF-8' })).toEqual([1]);
    expect(await send('{"a":"é"}', { 'content-type': 'application/merge-patch+json' })).toEqual({ a: 'é' });
  });

  it.each([
    ['text/plain'],
    ['application/x-www-form-urlencoded'],
    ['multipart/form-data; boundary=x'],
    ['application/json; charset=latin1'],
    ['application/jsonp'],
    [''],
  ])('refuses the media type "%s"', async (type) => {
    expect((await refusal(send('{"a":1}', type === '' ? {} : { 'content-type': type }))).code).toBe(
      'unsupported_media',
    );
  });

  it('refuses a compressed body', async () => {
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    expect((await refusal(send('{"a":1}', headers))).code).toBe('unsupported_media');
  });

  it.each(['', '   \n', '{}', '[]', ' { } '])('refuses the empty body %j', async (body) => {
    expect(await refusal(send(body))).toEqual({ code: 'invalid', issue: 'empty_body' });
  });

  it.each(['{', '{"a":1}}', '{"a":NaN}', "{'a':1}", '{"a":1,}', 'undefined', '{"a":01}'])(
    'refuses malformed JSON %j',
    async (body) => {
      expect(await refusal(send(body))).toEqual({ code: 'invalid', issue: 'malformed_json' });
    },
  );

  it('refuses bytes that are not UTF-8', async () => {
    const bytes = new Uint8Array([...Buffer.from('{"a":"'), 0xff, 0xfe, ...Buffer.from('"}')]);
    expect(await refusal(send(bytes))).toEqual({ code: 'invalid', issue: 'malformed_json' });
  });

  it('takes a body of exactly the limit and refuses one byte more', async () => {
    const fill = (bytes: number) => `{"a":"${'x'.repeat(bytes - 8)}"}`;
    expect(fill(MAX_BODY_BYTES)).toHaveLength(MAX_BODY_BYTES);
    await expect(send(fill(MAX_BODY_BYTES))).resolves.toBeTypeOf('object');
    expect(await refusal(send(fill(MAX_BODY_BYTES + 1)))).toEqual({ code: 'too_large', issue: 'too_large' });
  });

  it('stops reading a body that announces no length once it is over the limit', async () => {
    let sent = 0;
    let cancelled = false;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 8192;
        controller.enqueue(new Uint8Array(8192).fill(0x20));
      },
      cancel() {
        cancelled = true;
      },
    });
    expect((await refusal(send(endless))).code).toBe('too_large');
    expect(cancelled).toBe(true);
    expect(sent).toBeLessThan(3 * MAX_BODY_BYTES);
  });

  it('does not let a body reach the prototype', async () => {
    const body = (await send('{"__proto__":{"admin":true}}')) as Record<string, unknown>;
    expect(body.admin).toBeUndefined();
    expect(({} as Record<string, unknown>).admin).toBeUndefined();
    expect(Object.keys(body)).toEqual(['__proto__']);
  });

  it('calls a body that breaks off what it is', async () => {
    const broken = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(Buffer.from('{"a":'));
        controller.error(new Error('socket closed'));
      },
    });
    expect((await refusal(send(broken))).code).toBe('invalid');
  });
});
