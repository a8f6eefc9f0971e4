import { fileURLToPath } from 'node:url';
import type { Installed, StartContext, StartPlan } from '#target';

/** Servers of our own run on the Node that runs closewait. */
export function thisNode(): Installed {
  return { program: process.execPath, version: `Node ${process.versions.node}` };
}

/**
 * How to start the server.ts beside a target's index: as a process of its own, like any real server.
 * @param moduleUrl the index's `import.meta.url`
 */
export function planEmbedded(moduleUrl: string, context: StartContext, { program }: Installed): StartPlan {
  // From a clone's sources it runs under tsx, as we do; the package has it compiled.
  const isSource = moduleUrl.endsWith('.ts');
  const loader = isSource ? ['--import', import.meta.resolve('tsx')] : [];
  const server = fileURLToPath(new URL(isSource ? './server.ts' : './server.js', moduleUrl));
  const addresses = context.addresses.flatMap((address) => ['--listen', address]);
  return { command: [program, ...loader, server, ...addresses, '--port', String(context.ports['main'])] };
}
