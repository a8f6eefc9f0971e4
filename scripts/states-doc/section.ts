import { renderTimeline } from '#report';
import type { CaseResult } from '#trace';
import type { State } from '#tcp';
import type { Facts, StateText } from './contract.ts';
import { ORDINARY } from './diagram.ts';
import { find, type Runs } from './runs.ts';
import { edgeText } from './words.ts';

/** The part of the page about one state. */
export function section(text: StateText, runs: Runs, facts: Facts): string {
  const id = caseOf(text.state);
  const four = find(runs.nginx, id);
  const six = find(runs.nginx, id, 6);
  const loopback = find(runs.loopback, id);
  const { quote } = four.refs[0]!;
  const more = (text.more ?? []).flatMap(({ target, id: other, text: about, shows }) => {
    const result = find(runs[target], other);
    return [about, shows === 'packets' ? packets(result) : lines(result)];
  });
  return [
    `## ${text.state}`,
    text.meaning,
    `> ${quote}\n> (RFC 9293, section ${four.refs[0]!.section})`,
    ways(text.state),
    `**What makes it visible.** ${text.visible}`,
    `**How long it lasts.** ${text.lasts(facts)}`,
    `**What goes wrong.**\n\n${text.mistakes.map((mistake) => `- ${mistake}`).join('\n')}`,
    `**In a run** (nginx, IPv4).${stimulusOf(four)}`,
    packets(four),
    'On IPv6:',
    lines(six),
    ...more,
    `**Without the wire.** ${text.withoutWire}${stimulusOf(loopback)}`,
    lines(loopback),
  ].join('\n\n');
}

/** What was done to the server; nothing, for a state that it is in by itself. */
function stimulusOf({ stimulus }: CaseResult): string {
  return stimulus.startsWith('none') ? '' : ` Stimulus: ${stimulus}.`;
}

function caseOf(state: State): string {
  return `states/${state.toLowerCase().replaceAll('_', '-')}`;
}

function ways(state: State): string {
  const into = ORDINARY.filter(({ to }) => to === state).map(
    (edge) => `- from ${edge.from}: ${edgeText(edge)}`,
  );
  const out = ORDINARY.filter(({ from }) => from === state).map(
    (edge) => `- to ${edge.to}: ${edgeText(edge)}`,
  );
  return ['**Ways in and out.**', '', ...into, ...out].join('\n');
}

function packets({ evidence }: CaseResult): string {
  return block(renderTimeline(evidence.trace));
}

function lines({ evidence }: CaseResult): string {
  return block(evidence.ss);
}

function block(text: readonly string[]): string {
  return ['```text', ...text.map((line) => line.trimEnd()), '```'].join('\n');
}
