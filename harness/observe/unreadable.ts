import { CloseWaitError } from '#core';
import { findState, type State } from '#tcp';

/** For readers of one line or field; {@link readLines} adds whose it was. */
export function unreadable(problem: string): CloseWaitError {
  return new CloseWaitError('CW_OBSERVER', problem);
}

const SHOWN = 160;

/** Text of another program, safe for a terminal and not too long. */
export function quote(text: string): string {
  const shown = text.slice(0, SHOWN).replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, (char) => {
    return `\\u{${char.codePointAt(0)!.toString(16)}}`;
  });
  return `'${shown}${text.length > SHOWN ? '...' : ''}'`;
}

/**
 * What `read` makes of each line of a tool's output that is not blank; undefined skips one.
 * @throws CW_OBSERVER naming the tool, the line and what is wrong with it
 */
export function readLines<Row>(tool: string, text: string, read: (line: string) => Row | undefined): Row[] {
  const rows: Row[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    try {
      const row = read(line);
      if (row !== undefined) rows.push(row);
    } catch (cause) {
      if (!(cause instanceof CloseWaitError)) throw cause;
      throw new CloseWaitError(
        'CW_OBSERVER',
        `line ${index + 1} of ${tool} cannot be read, ${quote(cause.message)}: ${quote(line)}`,
        { cause },
      );
    }
  }
  return rows;
}

/** @throws CW_OBSERVER */
export function readState(text: string): State {
  const state = findState(text);
  if (state === undefined) throw unreadable('no TCP state');
  return state;
}

/** A whole number as tools print them. @throws CW_OBSERVER */
export function readCount(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw unreadable('no number');
  return Number(text);
}

/** A port; `*` is any, and 0 here. @throws CW_OBSERVER */
export function readPort(text: string): number {
  const port = text === '*' ? 0 : readCount(text);
  if (port > 0xffff) throw unreadable('no port');
  return port;
}
