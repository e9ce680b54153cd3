import { AppError } from './errors';

/** Of a body, where the endpoint says nothing else. */
export const MAX_BODY_BYTES = 64 * 1024;

const JSON_TYPE = /^application\/(?:json|[\w.-]+\+json)$/;

function requireJson(headers: Headers): void {
  const header = headers.get('content-type') ?? '';
  const [type = '', ...parameters] = header.split(';').map((part) => part.trim().toLowerCase());
  const charset = parameters.find((parameter) => parameter.startsWith('charset='));
  const isUtf8 = charset === undefined || /^charset="?utf-?8"?$/.test(charset);
  if (!JSON_TYPE.test(type) || !isUtf8) {
    throw new AppError(
      'unsupported_media',
      `The body must be application/json in UTF-8; Content-Type is ${header === '' ? 'missing' : `"${header.slice(0, 100)}"`}.`,
    );
  }
  const encoding = headers.get('content-encoding') ?? 'identity';
  if (encoding.toLowerCase() !== 'identity') {
    throw new AppError('unsupported_media', 'The body must not be compressed (Content-Encoding).');
  }
}

/** `bytes`: announced, or read until it was too much. */
function tooLarge(bytes: number, maximum: number): AppError {
  const message = `The body has ${bytes} bytes or more; it may have at most ${maximum} (${maximum / 1024} KiB).`;
  return new AppError('too_large', message, {
    issues: [{ path: '', code: 'too_large', message, values: { bytes, maximum } }],
  });
}

function malformed(message: string): AppError {
  return new AppError('invalid', message, { issues: [{ path: '', code: 'malformed_json', message }] });
}

/** Counts while reading: a chunked body announces no length, and an announced one may lie. */
async function readLimited(request: Request, maximum: number): Promise<Uint8Array> {
  const announced = Number(request.headers.get('content-length') ?? 0);
  if (announced > maximum) throw tooLarge(announced, maximum);
  if (!request.body) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let total = 0;
  const reader = request.body.getReader();
  for (;;) {
    const { done, value } = await reader.read().catch((cause: unknown) => {
      throw new AppError('invalid', 'The body ended before it was complete.', { cause });
    });
    if (done) break;
    total += value.byteLength;
    if (total > maximum) {
      // Not awaited: a client that keeps sending must not delay the answer.
      void reader.cancel().catch(() => {});
      throw tooLarge(total, maximum);
    }
    chunks.push(value);
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

/**
 * The request's JSON of at most `maximum` bytes. Throws AppError: unsupported_media, too_large, or invalid for bytes that are not UTF-8,
 * malformed JSON, and an empty body (`{}` and `[]` count as empty: nothing would change).
 */
export async function readJsonBody(request: Request, maximum = MAX_BODY_BYTES): Promise<unknown> {
  requireJson(request.headers);
  const bytes = await readLimited(request, maximum);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw malformed('The body is not valid UTF-8.');
  }
  if (text.trim() === '') throw emptyBody();
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw malformed('The body is not valid JSON.');
  }
  if (isEmpty(value)) throw emptyBody();
  return value;
}

function emptyBody(): AppError {
  const message = 'The body is empty: name at least one field.';
  return new AppError('invalid', message, { issues: [{ path: '', code: 'empty_body', message }] });
}
