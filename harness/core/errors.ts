/** What an error code means and what its reader can do: `docs/errors.md` is this table, and a test keeps them equal. */
export interface ErrorEntry {
  /** Why it happens, in one or two sentences. */
  readonly cause: string;
  /** What to do next. */
  readonly remedy: string;
}

/** Every error that closewait raises on purpose. Anything else that is thrown is a bug (exit 70). */
export const ERRORS = {
  CW_USAGE: {
    cause: 'An argument, flag, target or selector is not one that closewait knows.',
    remedy: 'Read the suggestion in the message; `closewait --help` lists commands and flags.',
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERRORS;

/** An error with a code from {@link ERRORS}: the message names the thing, the remedy says what to do next. */
export class CloseWaitError extends Error {
  readonly code: ErrorCode;
  readonly remedy: string;

  /**
   * @param message what happened, naming the thing (a file, a flag, an address, a packet)
   * @param options `remedy` replaces the table's general one where a more exact one is known
   */
  constructor(code: ErrorCode, message: string, options: { cause?: unknown; remedy?: string } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'CloseWaitError';
    this.code = code;
    this.remedy = options.remedy ?? ERRORS[code].remedy;
  }
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
