import { readdirSync, realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  asOrdinaryUser,
  endsWith,
  findProgram,
  LARGE,
  WINDOW_FILLING,
  type Exchange,
  type Installed,
  type StartPlan,
  type TargetProgram,
} from '#target';
import { configure, DIAL_MS, HBA, TIMEOUT_MS } from './configuration.ts';
import { numberIn, ONE_ROW, query, READY, ROLLED_BACK, startup, terminate, USER } from './messages.ts';

/** A connection of its own, and a query whose answer is one row. */
const ask = (sql: string): Exchange => ({ send: startup() + query(sql), reply: endsWith(ONE_ROW) });

/** Makes a cluster, and becomes its server. */
const START = `"$1/initdb" --pgdata=data --username=${USER} --auth=trust --no-locale --no-sync --wal-segsize=1 >/dev/null &&
mv *.conf data && exec "$1/postgres" -D data`;

const large = (bytes: number): string => startup() + query(`SELECT repeat('x', ${bytes})`);

export const postgresql: TargetProgram = {
  name: 'postgresql',
  title: 'PostgreSQL, a cluster of its own made by initdb',
  install: 'apt-get install postgresql',
  find,
  plan: (context, { program }) => ({
    command: isolated(['/bin/sh', '-c', START, 'sh', dirname(program)]),
    // initdb looks for the time zone's name in hundreds of files otherwise.
    env: { TZ: 'UTC' },
    files: { 'postgresql.conf': configure(context), 'pg_hba.conf': HBA },
  }),
  // It listens before it is: until then it answers that it starts up.
  ready: { log: /database system is ready to accept connections/ },
  // An aborted transaction has the WAL writer open its file, which it keeps: no case is to be the first to do that.
  greeting: {
    send: startup() + query('BEGIN; SELECT txid_current(); ROLLBACK'),
    reply: endsWith(ROLLED_BACK),
  },
  traits: {
    closesFirst: { send: startup() + terminate, reply: endsWith(READY) },
    largeThenCloses: { send: large(WINDOW_FILLING) + terminate, bytes: WINDOW_FILLING },
    closesOnFin: true,
    dials: {
      send: ({ address, port }) =>
        startup({ options: `-c statement_timeout=${DIAL_MS}` }) +
        query(
          `CREATE SUBSCRIPTION s CONNECTION 'hostaddr=${address} port=${port}' PUBLICATION p WITH (create_slot = off)`,
        ),
    },
    large: { send: large(LARGE), bytes: LARGE, reply: endsWith(ONE_ROW, LARGE) },
    slow: { ...ask('SELECT pg_sleep(1)'), afterMs: 1000 },
    upload: (bytes) => {
      const { send, reply } = ask(`SELECT length('${'x'.repeat(bytes)}')`);
      return { send: Buffer.from(send as string, 'latin1'), reply };
    },
    effect: {
      send: startup() + query('SELECT lo_create(0)'),
      count: ask('SELECT count(*) FROM pg_largeobject_metadata'),
      read: numberIn,
    },
    timeouts: { head: TIMEOUT_MS, body: TIMEOUT_MS, write: TIMEOUT_MS },
    policy: {
      // runtime-config-connection.html, client_connection_check_interval: by default a query is run to its end, and the
      // loss of a connection detected only at the next use of the socket.
      halfClose: 'respond',
      halfCloseSlow: 'respond',
      // protocol-flow.html, "Termination": a backend that sees the connection closed ends.
      idleFinMs: 1000,
      // server-shutdown.html: SIGTERM is the smart shutdown, which lets existing sessions end their work.
      drain: 'drain',
      // runtime-config-client.html, idle_session_timeout
      deadPeerIdleMs: TIMEOUT_MS,
    },
  },
};

/** Debian has it in a folder of its own, by version, outside of the PATH. */
function find(): Installed | null {
  const names = [
    'postgres',
    ...debianVersions().map((version) => `../lib/postgresql/${version}/bin/postgres`),
  ];
  for (const name of names) {
    const found = findProgram(name, ['--version'], /^postgres \(PostgreSQL\) ([\d.]+)/m);
    // initdb stands beside it where it really is.
    if (found !== null) return { ...found, program: realpathSync(found.program) };
  }
  return null;
}

/** The newest first. */
function debianVersions(): string[] {
  try {
    return readdirSync('/usr/lib/postgresql').sort((a, b) => Number(b) - Number(a));
  } catch {
    return [];
  }
}

/** The mark by which it knows that its cluster is in use is System V's shared memory: what SIGKILL leaves of it goes with the namespace. */
function isolated(command: StartPlan['command']): StartPlan['command'] {
  const [program, ...args] = asOrdinaryUser(command);
  return program === 'unshare' ? [program, '--ipc', ...args] : [program, ...args];
}
