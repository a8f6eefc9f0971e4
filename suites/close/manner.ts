import type { Exchange, Outcome } from '#case';

/** What a server does with a client that has closed its sending side; `hang`: nothing, in all the time that there was. */
export type Manner = 'respond' | 'close' | 'reset' | 'error' | 'hang';

export interface Dealt {
  readonly manner: Manner;
  /** In a few words, for the verdict. */
  readonly detail: string;
}

/**
 * What a server did with a request, by all that came and how it ended.
 */
export function mannerOf(
  { bytes, end }: Pick<Outcome, 'bytes' | 'end'>,
  { reply }: Pick<Exchange, 'reply'>,
): Dealt {
  const whole = reply.test(bytes.toString('latin1'));
  const detail = `${whole ? 'the whole answer' : firstLine(bytes)}, then ${end ?? 'silence'}`;
  if (end === 'RST') return { manner: 'reset', detail };
  if (end === null) return { manner: 'hang', detail };
  if (whole) return { manner: 'respond', detail };
  return { manner: bytes.length === 0 ? 'close' : 'error', detail };
}

function firstLine(bytes: Buffer): string {
  if (bytes.length === 0) return 'no byte';
  const [line = ''] = bytes.subarray(0, 60).toString('latin1').split(/\r?\n/, 1);
  return `${bytes.length} bytes ('${line}')`;
}

/** Several ways in which the same was asked, as one: where they differ, that is what was seen. */
export function together(dealt: readonly Dealt[]): { readonly seen: string; readonly detail: string } {
  const manners = [...new Set(dealt.map(({ manner }) => manner))];
  const details = [...new Set(dealt.map(({ detail }) => detail))];
  return { seen: manners.join(' or '), detail: details.join(' | ') };
}
