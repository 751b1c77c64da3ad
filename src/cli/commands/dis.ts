// `picklewire dis`: prints the opcodes of pickles, as `python -m pickletools` does.

import { Command } from 'commander';
import { disassembleAll, disassembleLines } from '../../pickle/index.ts';
import { readCapture } from '../../receiver/index.ts';
import { type Input, inputs, readAll } from './input.ts';
import { complain, endWithReader, print } from './stdio.ts';

interface DisOptions {
  readonly all?: boolean;
  readonly frames?: boolean;
}

export function disCommand(): Command {
  return new Command('dis')
    .description('print the opcodes of the first pickle in files, as python -m pickletools does; nothing is decoded')
    .argument('[files...]', 'files with pickles; - or none is standard input')
    .option('--all', 'go on with the pickles that follow the first')
    .option('--frames', 'the files are captures: print the pickle of each frame')
    .action(async (files: string[], options: DisOptions) => {
      endWithReader();
      for (const input of inputs(files)) {
        if (files.length > 1) await print(`==> ${input.name} <==\n`);
        await disassembleInput(input, options);
      }
    });
}

async function disassembleInput(input: Input, { all = false, frames = false }: DisOptions): Promise<void> {
  try {
    if (!frames) return await printLines(await readAll(input), all);
    for await (const { payload, offset } of readCapture(input.open())) {
      try {
        await printLines(payload, all);
      } catch (error) {
        complain(`${input.name}: the frame at byte ${offset}`, error);
      }
    }
  } catch (error) {
    complain(input.name, error);
  }
}

async function printLines(data: Uint8Array, all: boolean): Promise<void> {
  for (const text of all ? disassembleAll(data) : disassembleLines(data)) await print(text);
}
