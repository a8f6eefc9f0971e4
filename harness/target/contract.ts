import type { Endpoint, Family } from '#tcp';

/** Bytes to send and what must come back: how a harness that knows no protocol talks to a server. */
export interface Exchange {
  /** Empty: the server speaks first. */
  readonly send: string | Uint8Array;
  readonly reply: Reply;
}

/** Tells when all of an answer has come, from all bytes received so far, read as latin1. A regular expression without g or y is one. */
export interface Reply {
  test(received: string): boolean;
  /** For messages. */
  toString(): string;
}

/** Where and with what a target is started. Everything it writes goes under `folder`. */
export interface StartContext {
  /** An empty folder of this start's own; removed afterwards. */
  readonly folder: string;
  /** Addresses to listen on: one, or one of each family. Listen on these alone. */
  readonly addresses: readonly string[];
  /** Port numbers by the names in {@link TargetProgram.ports}; `main` always. */
  readonly ports: Readonly<Record<string, number>>;
  /** Where the target is to dial when it is asked to: known before the start, since some name it in their configuration. */
  readonly dialTo: DialTo;
}

export type DialTo = Readonly<Partial<Record<Family, Endpoint>>>;

/** How to start a server: a command line, and files to write before. */
export interface StartPlan {
  readonly command: readonly [program: string, ...args: string[]];
  /** Added to a small fixed environment (PATH, HOME, LANG, TMPDIR), or to ours with `inheritEnv`. */
  readonly env?: Readonly<Record<string, string>>;
  readonly inheritEnv?: boolean;
  /** Left out: the start's folder. */
  readonly cwd?: string;
  /** Path under the folder to content. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** The port stands in the environment alone, so that the server may not know of it. */
  readonly portByEnvironment?: boolean;
}

/**
 * When a started server is ready. `tcp`: it accepts a connection on its main port; `listen`: that is in LISTEN, which no
 * connection disturbs; `log`: it has written that, and then listens too. A greeting always follows.
 */
export type Ready = 'tcp' | 'listen' | { readonly log: RegExp };

/** What a server does, as far as cases need to know it. What is left out is not known, and cases that need it say so. */
export interface Traits {
  /** The server answers, then closes first (nginx: an HTTP/1.0 request; redis: QUIT). */
  readonly closesFirst?: Exchange;
  /** The server answers, then closes its sending side alone, and goes on reading. */
  readonly shutsFirst?: Exchange;
  /** The answer is about `bytes` long; then the server closes first. For states held behind a closed window. */
  readonly largeThenCloses?: { readonly send: string | Uint8Array; readonly bytes: number };
  /** Whether it closes a connection on which nothing is under way when the client closes its side. */
  readonly closesOnFin?: boolean;
  /**
   * Bytes that make the server dial `to`, and those that make it stop trying; without the latter it stops when the
   * connection is reset, or after a time-out of its own. `to` is one of the context's `dialTo`.
   */
  readonly dials?: { readonly send: (to: Endpoint) => string; readonly undo?: string };
  /** The named port defers accept (TCP_DEFER_ACCEPT): a silent client stays in SYN_RCVD. */
  readonly defersAccept?: { readonly port: string };

  // What the suites beyond `states` ask of it.

  /** Its answer is at least 1 MiB long; `reply` holds when all of it has come. */
  readonly large?: Exchange & { readonly bytes: number };
  /** It answers `afterMs` or more after the request, milliseconds: 1000 at least. */
  readonly slow?: Exchange & { readonly afterMs: number };
  /** It takes a body of `bytes`, and answers when it has it. `send` is the whole request. */
  readonly upload?: (bytes: number) => Exchange;
  /** It answers without reading the body that follows `send`: what close() does with unread data shows. */
  readonly refusesUpload?: Exchange;
  /** A request that does something, and one whose answer tells how often that was done so far. */
  readonly effect?: {
    readonly send: string;
    readonly count: Exchange;
    readonly read: (received: string) => number;
  };
  /** It passes bytes on to a server that it dials: `send` makes it dial `to`; that server answers `backend`, the client sees `reply`. */
  readonly relay?: {
    readonly port?: string;
    readonly send: (to: Endpoint) => string;
    readonly backend: string;
    readonly reply: Reply;
  };
  /** Times after which it acts by itself, milliseconds, as it is configured here. */
  readonly timeouts?: {
    /** It closes a connection on which a request was answered and none has come since. */
    readonly idle?: number;
    /** It closes, or answers an error, when the head of a request, or its body, is not whole by then. */
    readonly head?: number;
    readonly body?: number;
    /** It gives up a client that has stopped reading its answer. */
    readonly write?: number;
  };
  /** The backlog it gives to listen(). */
  readonly backlog?: number;
  /** What it promises where the RFC leaves it free. What is left out is reported, not judged. */
  readonly policy?: Policy;
}

/** What a server does with a client that has closed its sending side. */
export type HalfClosePolicy = 'respond' | 'close' | 'reset' | 'error';

/** Declared behaviour, judged by the cases of level `policy`. */
export interface Policy {
  /** A request and FIN at once; the answer is ready at once. */
  readonly halfClose?: HalfClosePolicy;
  /** The same, with an answer that takes a second. */
  readonly halfCloseSlow?: HalfClosePolicy;
  /** The same through a relay. */
  readonly halfCloseRelay?: HalfClosePolicy;
  /** An idle connection whose client sends FIN is closed within so many milliseconds. */
  readonly idleFinMs?: number;
  /** A connection that it has closed, and its client has not, is let go within so many milliseconds. */
  readonly finWait2Ms?: number;
  /** On SIGTERM, requests under way are answered first, or reset. */
  readonly drain?: 'drain' | 'reset';
  /** Behind an answer to a request whose body it has not read: it reads on until the client closes, or resets. */
  readonly unreadData?: 'linger' | 'reset';
  /** A client that does not read its answer is given up within `timeouts.write`, or kept for as long as it stays. */
  readonly slowReader?: 'evict' | 'keep';
  /** An idle client whose packets vanish is given up within so many milliseconds; 'never': it has no such bound. */
  readonly deadPeerIdleMs?: number | 'never';
  /** The same for a client that vanishes while the server sends to it. */
  readonly deadPeerWritingMs?: number | 'never';
}

/** What a server speaks, as far as closewait can tell by itself. */
export const SPEECH = ['http', 'echo', 'banner', 'none'] as const;
export type Speech = (typeof SPEECH)[number];

/** What a path of a server of HTTP that closewait does not know may be good for. */
export const PATHS = ['large', 'slow', 'upload', 'effect', 'effects'] as const;
export type PathName = (typeof PATHS)[number];

/** What a user says of a server that closewait does not know. */
export interface Told {
  /** Left out: found out. */
  readonly speaks?: Speech;
  /**
   * A GET of `large` answers 1 MiB or more, of `slow` after 1 s or more; `upload` takes a body by POST; a GET of `effect` does
   * something, and `effects` answers how often that was done.
   */
  readonly paths?: Readonly<Partial<Record<PathName, string>>>;
  /** Stand above what is found out. */
  readonly traits?: Traits;
}

/** What a running server has been found to do. */
export interface Manners {
  readonly greeting: Exchange | null;
  readonly traits: Traits;
}

interface TargetBase {
  readonly name: string;
  /** One line for `closewait targets`. */
  readonly title: string;
  /** The command that installs it: `apt-get install nginx-light`. Empty for one that needs none. */
  readonly install: string;
  /** The program and version on this machine; null: not installed. Looked up at every call. */
  find(): Installed | null;
  /** A whole request and answer that leaves the connection open. null: none is known, and to accept a connection is all it can show. */
  readonly greeting: Exchange | null;
  readonly traits: Traits;
  /** Left out: greeting and traits are known. Otherwise they are found out after the start; those above are what its user told. */
  readonly speaks?: Speech | 'unknown';
  /** Named by its user, and tried after the start. */
  readonly paths?: NonNullable<Told['paths']>;
}

/** A server that closewait starts: a folder of data under `targets/`, or a command line of the user's. */
export interface TargetProgram extends TargetBase {
  /** Ports it listens on besides `main`. */
  readonly ports?: readonly string[];
  plan(context: StartContext, installed: Installed): StartPlan;
  readonly ready: Ready;
  /** It need not listen on all of the addresses: on which it does is found out after the start. */
  readonly anyFamily?: boolean;
}

/** A server that runs already, on an address of this machine. It is greeted, never started, stopped or signalled. */
export interface TargetAddress extends TargetBase {
  readonly address: Endpoint;
}

export type TargetDefinition = TargetProgram | TargetAddress;

export interface Installed {
  readonly program: string;
  /** Empty: not known. */
  readonly version: string;
}
