import type { Readable } from 'node:stream';

const KEPT = 64 * 1024;

/** The end of what a process writes: all of it is read, so that it never waits for us, and the last 64 KiB are kept. */
export class LogTail {
  #text = '';
  #cut = false;
  /** All that was written so far. */
  bytes = 0;

  /** Reads a stream to its end. */
  drain(stream: Readable): void {
    stream.setEncoding('latin1');
    stream.on('data', (chunk: string) => this.add(chunk));
    stream.on('error', () => undefined);
  }

  /** @param chunk bytes, read as latin1 */
  add(chunk: string): void {
    this.bytes += chunk.length;
    const text = this.#text + chunk;
    this.#cut ||= text.length > KEPT;
    // Cutting at twice the size makes a flood cost one copy for each 64 KiB, not one for each chunk.
    this.#text = text.length > 2 * KEPT ? text.slice(-KEPT) : text;
  }

  /** What is kept, read as UTF-8. */
  get text(): string {
    return Buffer.from(this.#text.slice(-KEPT), 'latin1').toString('utf8');
  }

  /** The last lines, with whatever a terminal would act on escaped. */
  lines(count: number): string[] {
    const lines = this.text.split(/\r?\n/);
    if (lines.at(-1) === '') lines.pop();
    if (this.#cut && lines.length > 1) lines.shift();
    return lines.slice(-count).map(escapeControls);
  }
}

const LONGEST_LINE = 400;

/** Text for one line of a terminal: what is not to be seen as \x1b or \u202e, and not without end. */
export function escapeControls(text: string): string {
  const short = text.length > LONGEST_LINE ? `${text.slice(0, LONGEST_LINE)}...` : text;
  return short.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (char) => {
    const hex = char.codePointAt(0)!.toString(16);
    return hex.length <= 2 ? `\\x${hex.padStart(2, '0')}` : `\\u${hex.padStart(4, '0')}`;
  });
}
