import { request } from 'node:http';

/** What came back, byte for byte and read as JSON. */
export interface Reply {
  readonly status: number;
  readonly type: string;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly text: string;
  /** Undefined where the body is no JSON. */
  readonly json: unknown;
}

/** Sends one request as it is: the path is not made canonical, text is a body as it stands, all else is sent as JSON. */
export function ask(
  url: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Reply> {
  const { hostname, port } = new URL(url);
  const text = typeof body === 'string' ? body : (JSON.stringify(body) ?? '');
  const length = body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(text)) };
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: hostname, port, method, path, headers: { ...length, ...headers }, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response
          .on('data', (chunk: Buffer) => chunks.push(chunk))
          .on('error', reject)
          .on('end', () => {
            const received = Buffer.concat(chunks).toString();
            const { statusCode = 0, headers: given } = response;
            resolve({
              status: statusCode,
              type: given['content-type'] ?? '',
              headers: given,
              text: received,
              json: parse(received),
            });
          });
      },
    );
    sent.on('error', reject).end(text);
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
