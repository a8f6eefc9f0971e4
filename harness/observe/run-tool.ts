import { spawnSync } from 'node:child_process';
import { CloseWaitError, messageOf } from '#core';
import type { Namespace } from '#sys';
import { ToolShell } from './tool-shell.ts';
import { quote } from './unreadable.ts';

export interface ToolLimits {
  /** The tool is killed after this long. */
  readonly deadlineMs: number;
  /** It is killed when it has printed more. */
  readonly maxBytes: number;
}

/** 128 MiB are about a million sockets. */
const LIMITS: ToolLimits = { deadlineMs: 5000, maxBytes: 128 * 1024 * 1024 };
const STDERR_BYTES = 4096;

/** The tool's own language, and the folders that an ordinary user's PATH may lack. */
function toolEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, LC_ALL: 'C', PATH: `${process.env.PATH ?? ''}:/usr/sbin:/sbin:/usr/bin:/bin` };
}

const shells = new Map<Namespace, ToolShell>();

/** From now on tools in this namespace are started by a shell in it, which is quicker. */
export function openToolShell(namespace: Namespace): void {
  if (!shells.has(namespace)) shells.set(namespace, new ToolShell(namespace, toolEnvironment()));
}

/** Ends the shell. For every {@link openToolShell}. */
export function closeToolShell(namespace: Namespace): void {
  shells.get(namespace)?.close();
  shells.delete(namespace);
}

/** Runs a tool inside a namespace, for what it prints. @throws CW_OBSERVER when it is missing, fails, hangs or floods */
export async function runTool(
  namespace: Namespace,
  [program, ...args]: readonly [string, ...string[]],
  { deadlineMs, maxBytes }: ToolLimits = LIMITS,
): Promise<string> {
  const printed = await shells.get(namespace)?.run([program, ...args]);
  if (printed !== undefined && printed !== null) return printed;
  const child = namespace.spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: toolEnvironment() });
  const output: Buffer[] = [];
  const complaints: Buffer[] = [];
  let [outputBytes, complaintBytes] = [0, 0];
  let problem: string | undefined;
  const give = (up: string): void => {
    problem ??= up;
    child.kill('SIGKILL');
    // A grandchild may hold the other ends open.
    child.stdout?.destroy();
    child.stderr?.destroy();
  };
  const deadline = setTimeout(() => give(`printed no end within ${deadlineMs} ms`), deadlineMs);
  child.stdout?.on('data', (part: Buffer) => {
    outputBytes += part.length;
    if (outputBytes > maxBytes) give(`printed more than ${maxBytes} bytes`);
    else output.push(part);
  });
  child.stderr?.on('data', (part: Buffer) => {
    if (complaintBytes < STDERR_BYTES) complaints.push(part);
    complaintBytes += part.length;
  });
  const command = [program, ...args].join(' ');
  try {
    await new Promise<void>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (status, signal) => {
        if (status !== 0)
          problem ??= signal === null ? `failed with status ${status}` : `was ended by ${signal}`;
        resolve();
      });
    });
  } catch (cause) {
    throw new CloseWaitError('CW_OBSERVER', `${command} cannot be started: ${messageOf(cause)}`, { cause });
  } finally {
    clearTimeout(deadline);
  }
  if (problem !== undefined) {
    const stderr = Buffer.concat(complaints).toString().trim();
    throw new CloseWaitError(
      'CW_OBSERVER',
      `${command} ${problem}${stderr === '' ? '' : `: ${quote(stderr)}`}`,
    );
  }
  return Buffer.concat(output).toString();
}

/** All that a tool says of itself, on either stream and whatever its status; null when it is not there. */
export function askTool(program: string, args: readonly string[]): string | null {
  const { error, stdout, stderr } = spawnSync(program, args, {
    encoding: 'utf8',
    timeout: LIMITS.deadlineMs,
    env: toolEnvironment(),
  });
  return error === undefined ? stdout + stderr : null;
}

/** What a tool prints in this machine's own network, at once; its complaints aside. @throws CW_OBSERVER when it fails or hangs */
export function runToolNow([program, ...args]: readonly [string, ...string[]]): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: 'utf8',
    env: toolEnvironment(),
    timeout: LIMITS.deadlineMs,
    maxBuffer: LIMITS.maxBytes,
  });
  if (status === 0) return stdout;
  const why = error?.message ?? `failed with status ${status}: ${quote(stderr)}`;
  throw new CloseWaitError('CW_OBSERVER', `${[program, ...args].join(' ')}: ${why}`);
}
