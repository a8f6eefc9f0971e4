import { alignColumns, printable } from '#report';
import { DECLARABLE, declaredIn, type Finding, type Learned, type TargetDefinition } from '#target';

/** A time is kept when it is late by no more than this, as cases judge it, ms. */
const LATE_MS = 1000;

/** Where traits stand that `--trait` does not take. */
const OTHERS: Readonly<Record<string, readonly string[]>> = { defersAccept: ['defersAccept'] };

/** What was learned, as configuration has it. */
export function learnedTraits(findings: readonly Finding[]): Readonly<Record<string, unknown>> {
  const traits: Record<string, unknown> = {};
  for (const { name, value } of findings) {
    if (value === null) continue;
    const [first, key] = pathOf(name);
    const literal = valueOf(name, value);
    traits[first!] = key === undefined ? literal : { ...(traits[first!] as object), [key]: literal };
  }
  return traits;
}

/** The same as words of a command line. */
export function learnedFlags(findings: readonly Finding[]): readonly string[] {
  return findings.flatMap(({ name, value }) =>
    value === null || !Object.hasOwn(DECLARABLE, name) ? [] : ['--trait', `${name}=${value}`],
  );
}

/** A finding that is not as the target declares; null: it declares nothing. */
export interface Difference extends Finding {
  readonly declared: string | null;
}

/** Findings that are not as the target declares, and what it does not declare. */
export function differences({ traits, findings }: Learned): readonly Difference[] {
  const declared = new Map<string, Finding['value']>(declaredIn(traits));
  if (traits.closesOnFin !== undefined) declared.set('closesOnFin', traits.closesOnFin);
  if (traits.defersAccept?.port === 'main') declared.set('defersAccept', true);
  return findings.flatMap((finding): Difference[] => {
    const told = declared.get(finding.name);
    if (told === undefined) return finding.value === null ? [] : [{ ...finding, declared: null }];
    return isAsDeclared(finding, told) ? [] : [{ ...finding, declared: String(told) }];
  });
}

function isAsDeclared({ value, measuredMs, waitedMs = 0, tried }: Finding, told: Finding['value']): boolean {
  if (!tried) return true;
  if (typeof told !== 'number' || measuredMs === undefined) return value === told;
  return measuredMs === null ? waitedMs <= told : measuredMs <= told + LATE_MS;
}

/** For a terminal. Of a server whose traits are declared only what differs is told. */
export function renderLearned(learned: Learned, { speaks, title }: TargetDefinition): string[] {
  const { target } = learned;
  const name = target.version === '' ? target.name : `${target.name} ${target.version}`;
  const known = speaks === undefined;
  const shown = known
    ? differences(learned).map((finding) => ({
        ...finding,
        seen: `${finding.declared === null ? 'not declared' : `declared: ${finding.declared}`}; ${finding.seen}`,
      }))
    : learned.findings;
  if (shown.length === 0) return [`${name} does what it declares`];
  const flags = learnedFlags(shown);
  return [
    `// ${printable(`${name}: ${known ? 'what is not as it declares' : title}`)}`,
    '// A time is a bound: what was measured and a quarter, a second at least; idle is rounded up to the next 0.1 s.',
    'traits: {',
    ...block(shown),
    '},',
    ...(flags.length === 0 ? [] : ['', flags.join(' ')]),
  ];
}

/** Lines of properties, each with what was seen behind it; what was not learned is a comment alone. */
function block(findings: readonly Finding[]): string[] {
  const groups = new Map<string, Finding[]>();
  const top: Finding[] = [];
  for (const finding of findings) {
    const [first, key] = pathOf(finding.name);
    if (key === undefined) top.push(finding);
    else groups.set(first!, [...(groups.get(first!) ?? []), finding]);
  }
  return [
    ...properties(top, '  '),
    ...[...groups].flatMap(([group, members]) => {
      const isComment = members.every(({ value }) => value === null);
      const lines = properties(members, isComment ? '  ' : '    ', isComment ? `${group}.` : '');
      return isComment ? lines : [`  ${group}: {`, ...lines, '  },'];
    }),
  ];
}

function properties(findings: readonly Finding[], indent: string, prefix = ''): string[] {
  const rows = findings.map(({ name, value, seen }) => {
    const key = prefix + pathOf(name).at(-1)!;
    return value === null
      ? { text: `${indent}// ${key}: ${printable(seen)}`, seen: null }
      : { text: `${indent}${key}: ${literalOf(valueOf(name, value))},`, seen: `// ${printable(seen)}` };
  });
  const aligned = alignColumns(
    rows.flatMap(({ text, seen }) => (seen === null ? [] : [[text, seen]])),
    1,
  );
  return rows.map(({ text, seen }) => (seen === null ? text : aligned.shift()!));
}

function pathOf(name: string): readonly string[] {
  return DECLARABLE[name]?.path ?? OTHERS[name] ?? [name];
}

function valueOf(name: string, value: NonNullable<Finding['value']>): unknown {
  return name === 'defersAccept' ? { port: 'main' } : value;
}

/** As TypeScript writes it. */
function literalOf(value: unknown): string {
  return JSON.stringify(value)
    .replace(/^\{"(\w+)":/, '{ $1: ')
    .replace(/\}$/, ' }')
    .replaceAll('"', "'");
}
