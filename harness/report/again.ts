import { shellQuote } from '#core';
import type { CaseResult } from '#trace';

/** The command that runs one case again on its target and family. */
export function againCommand(result: CaseResult, seed: number, run: AgainOptions = {}): string {
  const words = [
    'closewait',
    'run',
    ...(run.target ?? [result.target]),
    result.id,
    '--family',
    String(result.family),
    '--seed',
    String(seed),
    ...(run.flags ?? []),
  ];
  return words.map(shellQuote).join(' ');
}

export interface AgainOptions {
  /** What stands where the target is named: `--exec` and its command for a server of the user's own. */
  readonly target?: readonly string[] | undefined;
  /** Flags of the run that matter to a case: `--plane loopback`, `--slow`. */
  readonly flags?: readonly string[] | undefined;
}
