import { CloseWaitError } from '#core';
import type { PathName, Reply, TargetDefinition, Traits } from './contract.ts';
import { wholeHttpAnswer } from './http-answer.ts';
import { httpRequest, largeHttpExchange, type HttpRequest } from './http-request.ts';
import { escapeControls } from './log-tail.ts';
import type { Probe, TimedAnswer } from './probe.ts';

/** The least that `large` answers, bytes, and the least time that `slow` takes, ms. */
const LEAST_BYTES = 1024 * 1024;
const LEAST_MS = 1000;
/** Timers may be so much early, ms. */
const EARLY_MS = 20;
/** An answer that is not whole by then is none, ms. */
const ANSWER_MS = 20_000;
/** The body that `upload` is tried with, bytes. */
const BODY_BYTES = 16 * 1024;

/** All of an answer, whatever its status. Where nothing tells its length, that is known when the connection ends. */
const whole: Reply = {
  test: (received) =>
    isDelimited(received) &&
    // To search megabytes at each piece that comes takes long.
    (!isChunked(headOf(received)) || received.endsWith('\r\n')) &&
    wholeHttpAnswer.test(received),
  toString: () => 'a whole answer of HTTP',
};

/** All of an answer that is no error page. */
const success: Reply = {
  test: (received) => isSuccess(received) && wholeHttpAnswer.test(received),
  toString: () => 'a whole answer of HTTP with a status of success',
};

/**
 * Tries each path that a user has named once, and makes traits of them.
 * @throws CW_TARGET_PATH for one that does not do what it is named for
 */
export async function learnPaths(
  probe: Probe,
  { name, paths = {} }: Pick<TargetDefinition, 'name' | 'paths'>,
): Promise<Traits> {
  const { large, slow, upload, effect, effects } = paths;
  const path = new ToldPath(probe, name);
  return {
    ...(large === undefined ? {} : { large: await path.large(large) }),
    ...(slow === undefined ? {} : { slow: await path.slow(slow) }),
    ...(upload === undefined ? {} : { upload: await path.upload(upload) }),
    ...(effect === undefined || effects === undefined ? {} : { effect: await path.effect(effect, effects) }),
  };
}

class ToldPath {
  readonly #probe: Probe;
  readonly #target: string;

  constructor(probe: Probe, target: string) {
    this.#probe = probe;
    this.#target = target;
  }

  async large(path: string): Promise<NonNullable<Traits['large']>> {
    const { answer, request } = await this.#get('large', path, 'answer 1 MiB or more');
    const { received } = answer;
    const bytes = received.length - headOf(received).length;
    if (bytes < LEAST_BYTES)
      throw this.#wrong('large', request, 'answer 1 MiB or more', answer, `a body of ${bytes} bytes`);
    // Pages are not always equally long: where the length is told, that does not matter.
    if (!isDelimited(received)) return largeHttpExchange(request, bytes);
    const reply: Reply = {
      test: (text) => text.length > LEAST_BYTES && whole.test(text) && isSuccess(text),
      toString: () => 'an answer of HTTP of 1 MiB or more',
    };
    return { send: httpRequest(request), reply, bytes: LEAST_BYTES };
  }

  async slow(path: string): Promise<NonNullable<Traits['slow']>> {
    const what = 'take 1 s or more to answer';
    const { answer, request } = await this.#get('slow', path, what);
    const { tookMs } = answer;
    if (tookMs < LEAST_MS - EARLY_MS)
      throw this.#wrong('slow', request, what, answer, `after ${tookMs.toFixed(0)} ms`);
    const afterMs = Math.max(LEAST_MS, Math.floor(tookMs / 100) * 100);
    return { send: httpRequest(request), reply: success, afterMs };
  }

  async upload(path: string): Promise<NonNullable<Traits['upload']>> {
    const requestOf = (bytes: number): HttpRequest => ({ ...this.#request(path), body: 'x'.repeat(bytes) });
    await this.#ask('upload', { ...requestOf(BODY_BYTES), method: 'POST' }, 'take a body by POST');
    return (bytes) => ({ send: httpRequest(requestOf(bytes)), reply: success });
  }

  async effect(path: string, countPath: string): Promise<NonNullable<Traits['effect']>> {
    const number = 'answer with a number';
    const counted = async (): Promise<{ count: number; answer: TimedAnswer }> => {
      const { answer, request } = await this.#get('effects', countPath, number);
      const count = numberIn(answer.received);
      if (Number.isNaN(count)) throw this.#wrong('effects', request, number, answer, 'and no number in it');
      return { count, answer };
    };
    const before = await counted();
    const { request } = await this.#get('effect', path, 'answer with success');
    const after = await counted();
    if (after.count <= before.count) {
      const what = `tell how often GET ${path} was done`;
      const seen = `${before.count} before it and ${after.count} after`;
      throw this.#wrong('effects', this.#request(countPath), what, after.answer, seen);
    }
    return {
      send: httpRequest(request),
      count: { send: httpRequest(this.#request(countPath)), reply: success },
      read: numberIn,
    };
  }

  async #get(
    name: PathName,
    path: string,
    what: string,
  ): Promise<{ answer: TimedAnswer; request: HttpRequest }> {
    const request = this.#request(path);
    return { answer: await this.#ask(name, request, what), request };
  }

  /** @throws CW_TARGET_PATH for anything but a whole answer with a status of success */
  async #ask(name: PathName, request: HttpRequest, what: string): Promise<TimedAnswer> {
    const answer = await this.#probe.ask({ send: httpRequest(request), reply: whole }, ANSWER_MS);
    const { received, ended } = answer;
    const isWhole = ended === 'reply' || (ended === 'closed' && !isDelimited(received));
    if (!isWhole || !isSuccess(received)) throw this.#wrong(name, request, what, answer);
    return answer;
  }

  #request(path: string): HttpRequest {
    return { path, headers: { Host: this.#probe.authority } };
  }

  #wrong(
    name: PathName,
    { method = 'GET', path }: HttpRequest,
    what: string,
    { received, ended, code }: TimedAnswer,
    detail = '',
  ): CloseWaitError {
    const [status = ''] = received.split('\r\n', 1);
    const came = received === '' ? 'nothing came' : `it answered '${escapeControls(status)}'`;
    const end = {
      reply: '',
      closed: 'and closed',
      error: `and ended by ${code}`,
      deadline: `within ${ANSWER_MS / 1000} s`,
    }[ended];
    return new CloseWaitError(
      'CW_TARGET_PATH',
      `${this.#target}: ${method} ${path}, the path '${name}', is to ${what}; ${[came, detail || end].filter((text) => text !== '').join(', ')}`,
    );
  }
}

/** The head of the answer itself, with those of interim answers before it. */
function headOf(received: string): string {
  return /^(HTTP\/1\.[01] 1[^]*?\r\n\r\n)*HTTP[^]*?\r\n\r\n/.exec(received)?.[0] ?? '';
}

function isSuccess(received: string): boolean {
  return /^(HTTP\/1\.[01] 1[^]*?\r\n\r\n)*HTTP\/1\.[01] 2/.test(received);
}

/** Whether the head tells where the body ends (RFC 9112 section 6.3). */
function isDelimited(received: string): boolean {
  const head = headOf(received);
  return isChunked(head) || /^content-length:/im.test(head) || / (204|304) /.test(head.slice(0, 16));
}

function isChunked(head: string): boolean {
  return /^transfer-encoding:.*\bchunked\s*$/im.test(head);
}

/** The first number in the body. NaN: there is none */
function numberIn(received: string): number {
  const head = headOf(received);
  const body = received.slice(head.length);
  // Each chunk stands behind a line with its size.
  const text = isChunked(head) ? body.replaceAll(/(^|\r\n)[\da-f]+(;[^\r]*)?\r\n/gi, '') : body;
  return Number(/\d+/.exec(text)?.[0] ?? Number.NaN);
}
