import type { Ready, StartContext, StartPlan, TargetProgram, Told } from './contract.ts';

export interface ExecOptions extends Told {
  /**
   * A line for /bin/sh, in which `{port}`, `{host}` (or `{address}`) and `{folder}` are replaced. Without `{port}` the
   * server is told by PORT and HOST in its environment.
   */
  readonly command: string;
  /** Left out: `listen`. */
  readonly ready?: Ready;
  /** Left out: where closewait was called. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A server of the user's own. Unlike those that closewait knows it inherits the environment. */
export function execTarget(options: ExecOptions): TargetProgram {
  const { command, ready, cwd, env = {}, speaks, paths, traits } = options;
  return {
    name: 'exec',
    title: command,
    install: '',
    find: () => ({ program: SHELL, version: '' }),
    greeting: null,
    traits: traits ?? {},
    speaks: speaks ?? 'unknown',
    ...(paths === undefined ? {} : { paths }),
    ready: ready ?? 'listen',
    anyFamily: true,
    plan: (context) => planOf(context, command, cwd ?? process.cwd(), env),
  };
}

const SHELL = '/bin/sh';

function planOf(
  { folder, addresses, ports }: StartContext,
  command: string,
  cwd: string,
  env: Readonly<Record<string, string>>,
): StartPlan {
  const port = String(ports['main']);
  const host = addresses[0]!;
  const values: Readonly<Record<string, string>> = { port, host, address: host, folder };
  const line = command.replaceAll(/\{(port|host|address|folder)\}/g, (_, name: string) => values[name]!);
  const portByEnvironment = !command.includes('{port}');
  return {
    command: [SHELL, '-c', isSimple(line) ? `exec ${line}` : line],
    cwd,
    env: { ...(portByEnvironment ? { PORT: port, HOST: host } : {}), ...env },
    inheritEnv: true,
    portByEnvironment,
  };
}

/** One command and nothing else: with `exec` its process is the server itself, not a shell that waits for it. */
function isSimple(line: string): boolean {
  return !/[;&|\n(){}]/.test(line) && !/^\s*\w+=/.test(line);
}
