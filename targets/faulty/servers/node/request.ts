export interface Request {
  readonly method: string;
  readonly target: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** Of its body, bytes. */
  readonly length: number;
  readonly closes: boolean;
}

/** The head of a request (RFC 9112 section 3). @returns null when it is none */
export function parseHead(text: string): Request | null {
  const [line = '', ...fields] = text.split('\r\n');
  const [, method, target, version] = /^(\S+) (\S+) (HTTP\/1\.[01])$/.exec(line) ?? [];
  if (method === undefined || target === undefined) return null;
  const headers: Partial<Record<string, string>> = Object.fromEntries(
    fields.map((field) => {
      const colon = field.indexOf(':');
      return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()];
    }),
  );
  const length = Number(headers['content-length'] ?? 0);
  if (!Number.isSafeInteger(length) || length < 0) return null;
  const [path = '', query] = target.split('?');
  const closes = version === 'HTTP/1.0' || headers['connection'] === 'close';
  return { method, target, path, query: new URLSearchParams(query), length, closes };
}
