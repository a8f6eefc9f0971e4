import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Installed, StartContext, StartPlan } from './contract.ts';

/** The Node that runs closewait, for servers that are files beside their target. */
export function thisNode(): Installed {
  return { program: process.execPath, version: `Node ${process.versions.node}` };
}

/**
 * How to start a file beside a target's index, `server.ts` unless told, as a process of its own, like any real server. It is given
 * `--listen ADDRESS`, once or twice, and `--port NUMBER`.
 * @param moduleUrl the index's `import.meta.url`
 * @param file without its ending
 */
export function planNodeServer(
  moduleUrl: string,
  { addresses, ports }: StartContext,
  { program }: Installed,
  file = './server',
): StartPlan {
  // From a clone's sources it runs under tsx, as we do ourselves; the package has it compiled.
  const isSource = moduleUrl.endsWith('.ts');
  const loader = isSource ? ['--import', pathToFileURL(createRequire(moduleUrl).resolve('tsx')).href] : [];
  // There tsx keeps what it has compiled; without it, a compiler would run beside the server as its child.
  const env: Record<string, string> = isSource ? { TMPDIR: tmpdir() } : {};
  const server = fileURLToPath(new URL(`${file}${isSource ? '.ts' : '.js'}`, moduleUrl));
  const listen = addresses.flatMap((address) => ['--listen', address]);
  return { env, command: [program, ...loader, server, ...listen, '--port', String(ports['main'])] };
}
