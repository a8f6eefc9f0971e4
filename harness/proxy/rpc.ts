import type { ProxyControl } from './control.ts';

/** What can be asked over a channel between processes. */
export type Method = Exclude<keyof ProxyControl, 'where' | typeof Symbol.asyncDispose>;

export interface Question {
  readonly id: number;
  readonly method: Method;
  readonly args: readonly unknown[];
}

/** The answer to the question of that number. `status` is there when the API has refused. */
export type Reply =
  | { readonly id: number; readonly value: unknown }
  | {
      readonly id: number;
      readonly message: string;
      readonly code: string | null;
      readonly status: number | null;
    };
