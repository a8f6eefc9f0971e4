import { fileURLToPath } from 'node:url';
import {
  findProgram,
  planNodeServer,
  thisNode,
  type Installed,
  type StartContext,
  type StartPlan,
  type TargetProgram,
  type Traits,
} from '#target';

/** What a faulty server is written in. */
export interface Runtime extends Pick<TargetProgram, 'install'> {
  readonly find: () => Installed | null;
  /** How to start the file of that name in `servers/`, which has no ending here. */
  plan(file: string, context: StartContext, installed: Installed): StartPlan;
  /** What its sound server does other than Python's. */
  readonly lacks: Traits['policy'];
}

/** Looked up once, for all of them: to ask for the version takes as long as to start a server. */
let found: Installed | null = null;

/** For faults below what Node shows: accept() and its errors, socket options, signals, what the kernel has not sent. */
export const python: Runtime = {
  install: 'apt-get install python3',
  find: () => (found ??= findProgram('python3', ['--version'], /^Python (3[\d.]+)/m)),
  plan: (file, { addresses, ports }, { program }) => ({
    command: [
      program,
      // No site packages and no cache of compiled files: it starts quickly, and writes nothing beside its source.
      '-SEsB',
      fileURLToPath(new URL(`./servers/${file}.py`, import.meta.url)),
      ...addresses.flatMap((address) => ['--listen', address]),
      '--port',
      String(ports['main']),
    ],
  }),
  lacks: {},
};

export const node: Runtime = {
  install: '',
  find: thisNode,
  plan: (file, context, installed) =>
    planNodeServer(import.meta.url, context, installed, `./servers/${file}`),
  // Node does not tell what the client has acknowledged: a slow reader could not be told from one that has stopped.
  lacks: { slowReader: 'keep', deadPeerWritingMs: 'never' },
};
