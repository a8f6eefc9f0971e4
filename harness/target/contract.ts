import type { Endpoint, Family } from '#tcp';

/** Bytes to send and what must come back: how a harness that knows no protocol talks to a server. */
export interface Exchange {
  readonly send: string | Uint8Array;
  /** Matched against all bytes received so far, read as latin1. */
  readonly reply: RegExp;
}

/** Where and with what a target is started. Everything it writes goes under `folder`. */
export interface StartContext {
  /** An empty folder of this start's own; removed afterwards. */
  readonly folder: string;
  /** Addresses to listen on: one, or one of each family. Listen on these alone. */
  readonly addresses: readonly string[];
  /** Port numbers by the names in {@link TargetDefinition.ports}; `main` always. */
  readonly ports: Readonly<Record<string, number>>;
  /** Where the target is to dial when it is asked to: known before the start, since some name it in their configuration. */
  readonly dialTo: Readonly<Partial<Record<Family, Endpoint>>>;
}

/** How to start a server: a command line, and files to write before. */
export interface StartPlan {
  readonly command: readonly [program: string, ...args: string[]];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Path under the folder to content. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
}

/** When a started server is ready. `listen`: its main port is in LISTEN on every address. */
export type Ready = 'tcp' | 'listen' | { readonly log: RegExp };

/** What a server does, as far as cases need to know it. What is left out is not known, and cases that need it say so. */
export interface Traits {
  /** The server answers, then closes first (nginx: an HTTP/1.0 request; redis: QUIT). */
  readonly closesFirst?: Exchange;
  /** The answer is about `bytes` long; then the server closes first. For states held behind a closed window. */
  readonly largeThenCloses?: { readonly send: string | Uint8Array; readonly bytes: number };
  /** Bytes that make the server dial `to`, and those that make it stop trying. `to` is one of the context's `dialTo`. */
  readonly dials?: { readonly send: (to: Endpoint) => string; readonly undo?: string };
  /** The named port defers accept (TCP_DEFER_ACCEPT): a silent client stays in SYN_RCVD. */
  readonly defersAccept?: { readonly port: string };
}

/** A server closewait knows: a folder of data under `targets/`. */
export interface TargetDefinition {
  readonly name: string;
  /** One line for `closewait targets`. */
  readonly title: string;
  /** The command that installs it: `apt-get install nginx-light`. Empty for an embedded one. */
  readonly install: string;
  /** Ports it listens on besides `main`. */
  readonly ports?: readonly string[];
  /** The program and version on this machine; null: not installed. Looked up at every call. */
  find(): Installed | null;
  plan(context: StartContext, installed: Installed): StartPlan;
  readonly ready: Ready;
  /** A whole request and answer that leaves the connection open. */
  readonly greeting: Exchange;
  readonly traits: Traits;
}

export interface Installed {
  readonly program: string;
  readonly version: string;
}
