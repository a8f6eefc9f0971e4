import { existsSync, readFileSync } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CloseWaitError, messageOf } from '#core';
import type { TargetDefinition } from '#target';
import { CONFIG_FILES } from './config-flag.ts';
import { ConfigError, readConfig, type Config } from './config-format.ts';
import type { Registry } from './contract.ts';

/** The registry with the servers of the user's configuration, which then are what a run takes that names none. */
export interface Configured extends Registry {
  /** The file; null: there is none. */
  readonly config: string | null;
  readonly caseTimeoutMs?: number;
}

/** @param file as given with --config; undefined: whatever is here @throws CW_CONFIG */
export async function withConfig(registry: Registry, file: string | undefined): Promise<Configured> {
  const config = file ?? CONFIG_FILES.find((name) => existsSync(name));
  if (config === undefined) return { ...registry, config: null };
  const { targets, caseTimeoutMs } = await load(config);
  const folder = dirname(resolve(config));
  const own = Object.entries(targets).map(([name, { cwd = '.', ...options }]): TargetDefinition => {
    if (registry.targets.some((target) => target.name === name))
      throw wrong(config, `targets.${name}: closewait knows a server of this name; choose another`);
    const absolute = isAbsolute(cwd) ? cwd : resolve(folder, cwd);
    if (!existsSync(absolute)) throw wrong(config, `targets.${name}.cwd: there is no folder ${cwd}`);
    return { ...registry.execTarget({ ...options, cwd: absolute }), name };
  });
  return {
    ...registry,
    targets: [...own, ...registry.targets],
    core: own.length > 0 ? own.map(({ name }) => name) : registry.core,
    config,
    ...(caseTimeoutMs === undefined ? {} : { caseTimeoutMs }),
  };
}

async function load(file: string): Promise<Config> {
  let content: unknown;
  try {
    content = file.endsWith('.json') ? JSON.parse(readFileSync(file, 'utf8')) : await imported(file);
  } catch (error) {
    throw wrong(file, messageOf(error));
  }
  try {
    return readConfig(content);
  } catch (error) {
    if (error instanceof ConfigError) throw wrong(file, error.message);
    throw error;
  }
}

async function imported(file: string): Promise<unknown> {
  try {
    const module = (await import(pathToFileURL(resolve(file)).href)) as { readonly default?: unknown };
    return module.default;
  } catch (error) {
    // Node reads TypeScript by itself from 22.18 on.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_UNKNOWN_FILE_EXTENSION') throw error;
    throw new Error(
      `this Node (${process.versions.node}) reads no TypeScript: name it closewait.config.mjs`,
      {
        cause: error,
      },
    );
  }
}

function wrong(file: string, what: string): CloseWaitError {
  return new CloseWaitError('CW_CONFIG', `${file}: ${what}`);
}
