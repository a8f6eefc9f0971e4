import { existsSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { compileOnce } from './compiled.ts';
import type { Installed, StartPlan } from './contract.ts';
import { findProgram } from './find-program.ts';

/** A Java that has its compiler beside it: to ask that for its version takes long. */
export function findJdk(): Installed | null {
  const java = findProgram('java', ['-XX:-UsePerfData', '-version'], /version "(\d[^"]*)"/);
  if (java === null) return null;
  const jdk = { ...java, program: realpathSync(java.program) };
  return existsSync(compilerOf(jdk)) ? jdk : null;
}

function compilerOf({ program }: Installed): string {
  return join(dirname(program), 'javac');
}

export interface JavaServer {
  /** The target's name. */
  readonly name: string;
  /** The index's `import.meta.url`. */
  readonly moduleUrl: string;
  /** Archives that it needs. */
  readonly libraries?: readonly string[];
  readonly properties?: Readonly<Record<string, string | number>>;
  readonly args: readonly string[];
}

/**
 * How to start the class `Server` of `Server.java` beside a target's index, in a small runtime that is quickly there. It is
 * compiled at its first start.
 * @throws CW_TARGET_COMPILE
 */
export function planJava(
  { name, moduleUrl, libraries = [], properties = {}, args }: JavaServer,
  jdk: Installed,
): StartPlan {
  const compiler = compilerOf(jdk);
  const compiled = compileOnce(
    {
      name,
      moduleUrl,
      source: 'Server.java',
      command: (source, output) => [
        compiler,
        '-J-XX:-UsePerfData',
        '-cp',
        libraries.join(delimiter),
        '-d',
        output,
        source,
      ],
    },
    jdk,
  );
  return {
    command: [
      jdk.program,
      // All of the heap is there from the start: what grows later is not the heap.
      '-Xms64m',
      '-Xmx64m',
      '-XX:+AlwaysPreTouch',
      '-XX:+UseSerialGC',
      '-XX:TieredStopAtLevel=1',
      '-Xshare:auto',
      // It would write to /tmp.
      '-XX:-UsePerfData',
      ...Object.entries(properties).map(([key, value]) => `-D${key}=${value}`),
      '-cp',
      [compiled, ...libraries].join(delimiter),
      'Server',
      ...args,
    ],
  };
}
