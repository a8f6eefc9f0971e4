import type { Io } from './contract.ts';

const EXIT_OF = { SIGINT: 130, SIGTERM: 143 } as const;

/** The first SIGINT or SIGTERM, made an AbortSignal; a second one ends the process in the system's own way. */
export interface Interruption extends Disposable {
  readonly signal: AbortSignal;
  /** What to exit with; null while nothing interrupted. */
  exitCode(): number | null;
}

export function listenForInterruption(signals: Io['signals']): Interruption {
  const controller = new AbortController();
  let exitCode: number | null = null;
  const handlers = Object.entries(EXIT_OF).map(([name, code]) => {
    const handler = (): void => {
      exitCode = code;
      stop();
      controller.abort();
    };
    return [name, handler] as const;
  });
  const stop = (): void => handlers.forEach(([name, handler]) => signals.off(name, handler));
  handlers.forEach(([name, handler]) => signals.on(name, handler));
  return { signal: controller.signal, exitCode: () => exitCode, [Symbol.dispose]: stop };
}
