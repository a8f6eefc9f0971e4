import { existsSync } from 'node:fs';

/** The marks of Docker and of Podman. */
const MARKS = ['/.dockerenv', '/run/.containerenv'] as const;

/** Whether this process is in a container, so far as containers tell: Podman and systemd by `container`, Kubernetes by its service. */
export function isInContainer(
  env: NodeJS.ProcessEnv = process.env,
  exists: (path: string) => boolean = existsSync,
): boolean {
  return (
    MARKS.some(exists) || (env['container'] ?? '') !== '' || (env['KUBERNETES_SERVICE_HOST'] ?? '') !== ''
  );
}
