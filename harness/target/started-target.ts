import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CloseWaitError } from '#core';
import { openPremises, type Host } from '#lab';
import type { Endpoint, Family } from '#tcp';
import type { TargetInfo } from '#trace';
import type { DialTo, Installed, Manners, StartContext, StartPlan, TargetProgram } from './contract.ts';
import { countAll } from './counts.ts';
import { learnManners } from './detect.ts';
import { fixedEnvironment, inheritedEnvironment } from './environment.ts';
import { greetServer, reachable } from './greet.ts';
import { limitFds } from './limit-fds.ts';
import { isRunning, threadTimes } from './load.ts';
import { choosePorts } from './ports.ts';
import { raiseFds } from './raise-fds.ts';
import { waitUntilReady } from './ready.ts';
import type { Counts, ProcessControl, RunningTarget } from './running.ts';
import { ServerProcess } from './server-process.ts';
import { diedError, exitedEarly, notReachable, type Attempt } from './start-errors.ts';

/** However late a server becomes ready, so long it has for its first answer, milliseconds. */
const FIRST_GREETING_MS = 1000;

/** All that {@link StartOptions} leave open, decided. */
export interface StartChoices {
  readonly families: readonly Family[];
  readonly dialTo: DialTo;
  readonly startMs: number;
  readonly stopMs: number;
}

/** A server that closewait started, from its first start to its end. */
export class StartedTarget implements RunningTarget {
  readonly info: TargetInfo;
  readonly host: Host;
  readonly dialTo: DialTo;
  readonly process: ProcessControl;
  families: readonly Family[];
  readyMs = 0;
  readonly #definition: TargetProgram;
  readonly #choices: StartChoices;
  readonly #context: StartContext;
  readonly #plan: StartPlan;
  /** By it are found those of its processes that left the group. */
  readonly #mark = randomBytes(8).toString('hex');
  #manners: Manners | undefined;
  #life: ServerProcess;
  #stopping: Promise<string> | undefined;

  static async start(
    definition: TargetProgram,
    installed: Installed,
    host: Host,
    choices: StartChoices,
  ): Promise<StartedTarget> {
    const target = new StartedTarget(definition, installed, host, choices);
    try {
      await target.#becomeReady();
      return target;
    } catch (error) {
      await target.#life.kill();
      await target.stop();
      throw error;
    }
  }

  private constructor(definition: TargetProgram, installed: Installed, host: Host, choices: StartChoices) {
    const addresses = choices.families.map((family) => host.addresses[family]!);
    const ports = choosePorts(host, addresses, ['main', ...(definition.ports ?? [])]);
    const folder = openPremises().folder(definition.name);
    this.host = host;
    this.families = choices.families;
    this.dialTo = choices.dialTo;
    this.#definition = definition;
    this.#choices = choices;
    this.#context = { folder, addresses, ports, dialTo: choices.dialTo };
    this.#plan = definition.plan(this.#context, installed);
    this.info = { name: definition.name, version: installed.version, command: this.#plan.command };
    this.#life = this.#spawn();
    this.process = this.#control();
  }

  get greeting(): Manners['greeting'] {
    return (this.#manners ?? this.#definition).greeting;
  }

  get traits(): Manners['traits'] {
    return (this.#manners ?? this.#definition).traits;
  }

  endpoint(family: Family, port = 'main'): Endpoint {
    const address = this.host.addresses[family];
    const number = this.#context.ports[port];
    if (address === undefined || number === undefined || !this.families.includes(family)) {
      throw new CloseWaitError('CW_TARGET_PORT', `${this.info.name} has no port '${port}' on IPv${family}`);
    }
    return { address, port: number };
  }

  async greet(family: Family): Promise<void> {
    const life = this.#life;
    if (life.exited !== null) throw diedError(life);
    await greetServer(this.info.name, this.host, this.endpoint(family), this, life);
  }

  counts(): Counts {
    const { ports } = this.#context;
    return countAll(this.host, this.#life.pids(), Object.values(ports), Object.values(this.dialTo));
  }

  stop(): Promise<string> {
    return (this.#stopping ??= this.#end());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #end(): Promise<string> {
    try {
      return await this.#life.stop(this.#choices.stopMs);
    } finally {
      await rm(this.#context.folder, { recursive: true, force: true, maxRetries: 3 });
    }
  }

  /** A new process in an emptied folder. */
  #spawn(): ServerProcess {
    const { folder } = this.#context;
    const { command, cwd = folder, env, inheritEnv = false, files = {} } = this.#plan;
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    const basic = inheritEnv ? inheritedEnvironment() : fixedEnvironment(folder);
    return new ServerProcess(this.host, {
      name: this.info.name,
      command,
      cwd,
      env: { ...basic, ...env },
      mark: this.#mark,
    });
  }

  /** From the spawn to the greeting. */
  async #becomeReady(): Promise<void> {
    const startedAt = performance.now();
    const life = this.#life;
    const { families, startMs } = this.#choices;
    this.families = families;
    const endpoints = families.map((family) => this.endpoint(family));
    const attempt: Attempt = {
      definition: this.#definition,
      plan: this.#plan,
      host: this.host,
      life,
      endpoints,
    };
    await waitUntilReady(attempt, this.#definition.ready, startMs);
    try {
      if (this.#definition.anyFamily === true) this.families = await this.#reachableFamilies(attempt);
      const first = this.endpoint(this.families[0]!);
      this.#manners ??= await learnManners(this.host, first, this.#definition, life);
      for (const family of this.families) {
        const left = startMs - (performance.now() - startedAt);
        const deadlineMs = Math.round(Math.max(left, FIRST_GREETING_MS));
        await greetServer(this.info.name, this.host, this.endpoint(family), this, life, deadlineMs);
      }
    } catch (error) {
      const died = error instanceof CloseWaitError && error.code === 'CW_TARGET_DIED';
      throw died ? exitedEarly(attempt, await life.died) : error;
    }
    this.readyMs = performance.now() - startedAt;
  }

  async #reachableFamilies(attempt: Attempt): Promise<readonly Family[]> {
    const { families } = this.#choices;
    const reached = await Promise.all(families.map((family) => reachable(this.host, this.endpoint(family))));
    const found = families.filter((_, index) => reached[index]);
    if (found.length === 0) throw notReachable(attempt, 'though it seemed ready');
    return found;
  }

  #control(): ProcessControl {
    const life = (): ServerProcess => this.#life;
    return {
      get pid() {
        return life().pid;
      },
      get exited() {
        return life().exited;
      },
      get died() {
        return life().died;
      },
      pids: () => life().pids(),
      isRunning: () => isRunning(life().pids()),
      threadTimes: () => threadTimes(life().pids()),
      limitFds: (spare) => limitFds(() => life().pids(), spare),
      raiseFds: (least) => raiseFds(life().pids(), least),
      pause: () => life().pause(),
      resume: () => life().resume(),
      signal: (signal) => life().signal(signal),
      kill: () => life().kill(),
      restart: () => this.#restart(),
      logTail: (lines = 20) => life().log.lines(lines),
      logBytes: () => life().log.bytes,
    };
  }

  async #restart(): Promise<void> {
    if (this.#stopping !== undefined) throw diedError(this.#life);
    await this.#life.kill();
    // A database has a thousand files: to remove them at once would keep every other case waiting.
    await rm(this.#context.folder, { recursive: true, force: true, maxRetries: 3 });
    this.#life = this.#spawn();
    await this.#becomeReady();
  }
}
