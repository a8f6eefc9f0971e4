import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/**
 * Processes in whose command line, environment or working directory a text stands, as `PID command`: a run hands the path of
 * its folder on to all that it starts.
 */
export function processesNaming(text: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
    .flatMap((pid) => {
      const command = read(() => readFileSync(`/proc/${pid}/cmdline`, 'latin1'));
      const environment = read(() => readFileSync(`/proc/${pid}/environ`, 'latin1'));
      const folder = read(() => readlinkSync(`/proc/${pid}/cwd`));
      const named = [command, environment, folder].some((told) => told.includes(text));
      return named ? [`${pid} ${command.replaceAll('\0', ' ')}`] : [];
    });
}

/** Empty where the process has ended in the meantime, or may not be looked at. */
function read(look: () => string): string {
  try {
    return look();
  } catch {
    return '';
  }
}
