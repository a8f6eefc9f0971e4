import { CloseWaitError, messageOf } from '#core';
import { Refusal } from './refusal.ts';

/** What toxiproxy-node-client wants of its transport: the public methods of its own, which forgets errors and never gives up. */
export interface Transport {
  readonly get: (url: string) => Promise<{ data: unknown }>;
  readonly post: (url: string, body?: unknown) => Promise<{ data: unknown }>;
  readonly delete: (url: string) => Promise<void>;
  readonly getText: (url: string) => Promise<string>;
}

/**
 * Sends what toxiproxy-node-client asks for.
 * @param timeoutMs how long an answer may take, its body counted
 */
export function remoteTransport(timeoutMs: number): Transport {
  const ask = async (method: string, url: string, body?: unknown): Promise<string> => {
    const { ok, status, text } = await exchange(method, url, body, timeoutMs);
    if (ok) return text;
    const message = messageIn(text) ?? (text.trim().slice(0, 200) || 'no reason is given');
    throw refused(method, url, `HTTP ${status}: ${message}`, new Refusal(status, message));
  };
  const askJson = async (method: string, url: string, body?: unknown): Promise<{ data: unknown }> => {
    const text = await ask(method, url, body);
    try {
      return { data: text === '' ? undefined : JSON.parse(text) };
    } catch (cause) {
      throw refused(method, url, `the answer is not JSON: ${text.slice(0, 100)}`, cause);
    }
  };
  return {
    get: (url) => askJson('GET', url),
    post: (url, body) => askJson('POST', url, body),
    delete: async (url) => void (await ask('DELETE', url)),
    getText: (url) => ask('GET', url),
  };
}

async function exchange(
  method: string,
  url: string,
  body: unknown,
  timeoutMs: number,
): Promise<{ readonly ok: boolean; readonly status: number; readonly text: string }> {
  const sent =
    body === undefined ? {} : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } };
  try {
    // A redirect would make a GET of a POST.
    const signal = AbortSignal.timeout(timeoutMs);
    const response = await fetch(url, { method, redirect: 'manual', signal, ...sent });
    return { ok: response.ok, status: response.status, text: await response.text() };
  } catch (error) {
    const { name, cause } = error as Error;
    const why =
      name === 'TimeoutError' ? `no answer within ${timeoutMs / 1000} s` : messageOf(cause ?? error);
    throw refused(method, url, why, error);
  }
}

function refused(method: string, url: string, why: string, cause: unknown): CloseWaitError {
  return new CloseWaitError('CW_PROXY_SERVER', `${method} ${url}: ${why}`, { cause });
}

/** The server's own words, where it says so in JSON. */
function messageIn(text: string): string | undefined {
  try {
    const { error } = JSON.parse(text) as { error?: unknown };
    return typeof error === 'string' ? error : undefined;
  } catch {
    return undefined;
  }
}
