// `picklewire scan`: lists the globals that pickles name, without decoding them.

import { Command } from 'commander';
import { escapeLines } from '../../logging/index.ts';
import { type GlobalFinding, type ScanProblem, type ScanReport, scan, scanStream } from '../../pickle/index.ts';
import { readCapture } from '../../receiver/index.ts';
import { type Input, inputs } from './input.ts';
import { complain, endWithReader, print } from './stdio.ts';

interface ScanOptions {
  readonly json?: boolean;
  readonly frames?: boolean;
}

export function scanCommand(): Command {
  return new Command('scan')
    .description('list every class and function that pickles name; exit code 1 for one that is not on the allow-list')
    .argument('[files...]', 'files of pickles one after another; - or none is standard input')
    .option('--json', 'print a JSON report for each file, one to a line')
    .option('--frames', 'the files are captures: scan the pickles of each frame')
    .action(async (files: string[], options: ScanOptions) => {
      endWithReader();
      for (const input of inputs(files)) await scanInput(input, options);
    });
}

async function scanInput(input: Input, { json = false, frames = false }: ScanOptions): Promise<void> {
  const totals = { pickles: 0, globals: 0, forbidden: 0 };
  const show = async (report: ScanReport, frame: number | null): Promise<void> => {
    if (hasFindings(report)) process.exitCode = 1;
    totals.pickles += report.pickles;
    totals.globals += report.globals.length;
    totals.forbidden += report.globals.filter(({ allowed }) => !allowed).length;
    const named = frame === null ? { file: input.name, ...report } : { file: input.name, frame, ...report };
    await print(json ? `${JSON.stringify(named)}\n` : textOf(input.name, report, frame ?? 0));
  };
  try {
    if (frames) for await (const { payload, offset } of readCapture(input.open())) await show(scan(payload), offset);
    else await show(await scanStream(input.open()), null);
  } catch (error) {
    complain(input.name, error);
  }
  const { pickles, globals, forbidden } = totals;
  if (!json) await print(`${input.name}: whole pickles: ${pickles}; globals: ${globals}; not allowed: ${forbidden}\n`);
}

/** Whether there is something that a careful reader would refuse these pickles for. */
function hasFindings({ globals, broken, problems, truncated }: ScanReport): boolean {
  return globals.some(({ allowed }) => !allowed) || broken !== null || problems.length > 0 || truncated;
}

/** A line for each finding; offsets count from the beginning of the file, where the pickles begin at `start`. */
function textOf(file: string, report: ScanReport, start: number): string {
  const lines = [
    ...report.globals.map((found) => `${found.offset + start}: ${globalText(found)}`),
    ...report.persistentIds.map(({ offset, preview }) => `${offset + start}: persistent id ${preview}`),
    ...report.problems.map((problem) => `${problem.offset + start}: ${problemText(problem)}`),
  ];
  if (report.broken !== null) lines.push(`${report.broken.offset + start}: broken: ${problemText(report.broken)}`);
  if (report.truncated) lines.push(`${start}: a limit kept findings out of this list`);
  return lines.map((line) => `${escapeLines(`${file}:${line}`)}\n`).join('');
}

function globalText({ module, name, unresolved, opcode, allowed, called, argumentPreview }: GlobalFinding): string {
  const global = unresolved === null ? `${module}.${name}` : `${module ?? '?'}.${name ?? '?'} (${unresolved})`;
  const call = called ? ` called with ${argumentPreview}` : '';
  return `${allowed ? 'allowed' : 'NOT ALLOWED'} ${global}${call} [${opcode}]`;
}

function problemText({ code, message, opcode }: ScanProblem): string {
  return `${message} [${opcode === null ? code : `${opcode}, ${code}`}]`;
}
