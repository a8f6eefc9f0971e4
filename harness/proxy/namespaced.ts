import { createRequire } from 'node:module';
import type { ChildProcess } from 'node:child_process';
import { tmpdir } from 'node:os';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { CloseWaitError } from '#core';
import type { Namespace } from '#sys';
import type { ProxyOptions } from './contract.ts';
import type { ProxyControl } from './control.ts';
import { Refusal } from './refusal.ts';
import type { Method, Question, Reply } from './rpc.ts';

const METHODS: readonly Method[] = [
  'version',
  'createProxy',
  'listProxies',
  'getProxy',
  'updateProxy',
  'removeProxy',
  'addToxic',
  'updateToxic',
  'removeToxic',
  'reset',
  'connections',
];

/**
 * Embedded proxies in a network namespace, by a process of their own inside: Node makes sockets in a later tick, outside of
 * the namespace that this thread has entered. It ends when it is disposed of, and when we end, however we do.
 */
export function namespacedControl(namespace: Namespace, { seed, strict }: ProxyOptions): ProxyControl {
  const here = import.meta.url;
  // From a clone's sources it runs under tsx, as we do ourselves; the package has it compiled.
  const isSource = here.endsWith('.ts');
  const loader = isSource
    ? ['--conditions=source', '--import', pathToFileURL(createRequire(here).resolve('tsx')).href]
    : [];
  const main = fileURLToPath(new URL(`./namespaced-main${isSource ? '.ts' : '.js'}`, here));
  const child = namespace.spawn(
    process.execPath,
    [...loader, main, String(seed), strict ? 'strict' : 'better'],
    // There tsx keeps what it has compiled; without it, a compiler would run beside it.
    {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: { ...process.env, TMPDIR: tmpdir() },
      serialization: 'advanced',
    },
  );
  const channel = new Channel(child);
  const asked = METHODS.map((method) => [method, (...args: unknown[]) => channel.ask(method, args)]);
  return {
    ...(Object.fromEntries(asked) as Pick<ProxyControl, Method>),
    where: `process ${child.pid}`,
    [Symbol.asyncDispose]: () => channel.close(),
  };
}

/** Questions that wait for their answers. */
class Channel {
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  readonly #waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  #asked = 0;

  constructor(child: ChildProcess) {
    this.#child = child;
    child.on('message', (reply: Reply) => this.#settle(reply));
    this.#ended = new Promise((resolve) => {
      const end = (why: string): void => {
        for (const question of this.#waiting.values())
          question.reject(new CloseWaitError('CW_PROXY_PROCESS', `the process of the proxies ${why}`));
        this.#waiting.clear();
        resolve();
      };
      child.on('error', ({ message }) => end(`did not start: ${message}`));
      child.on('exit', (code, signal) => end(`ended (${signal ?? `exit code ${code}`})`));
    });
  }

  ask(method: Method, args: readonly unknown[]): Promise<unknown> {
    const question: Question = { id: ++this.#asked, method, args };
    return new Promise((resolve, reject) => {
      if (!this.#child.connected)
        return reject(new CloseWaitError('CW_PROXY_PROCESS', 'the process of the proxies has ended'));
      this.#waiting.set(question.id, { resolve, reject });
      this.#child.send(question);
    });
  }

  close(): Promise<void> {
    if (this.#child.connected) this.#child.disconnect();
    return this.#ended;
  }

  #settle(reply: Reply): void {
    const question = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ('value' in reply) return question?.resolve(reply.value);
    const { message, code, status } = reply;
    const cause = status === null ? undefined : new Refusal(status, message);
    question?.reject(
      code === 'CW_PROXY_SERVER' ? new CloseWaitError(code, message, { cause }) : new Error(message),
    );
  }
}
