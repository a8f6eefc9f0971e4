import type { CaseResult } from '#trace';
import type { Style } from './style.ts';

/** How a report is to look; what it says comes from results alone. */
export interface View {
  readonly style: Style;
  /** Columns to keep within; evidence that is longer is never broken. */
  readonly width: number;
  /** The command that runs one case again; without it `closewait run TARGET CASE --family F --seed S`. */
  readonly again?: ((result: CaseResult) => string) | undefined;
  /** Lines for the end: what was left out of the run, and how to have it. */
  readonly notes?: readonly string[] | undefined;
}
