// `picklewire decode`: prints the values of pickles.

import { Command, Option } from 'commander';
import {
  PickleDecoder,
  repr,
  toJSON,
  type UnknownGlobals,
  type UnpickleOptions,
  unpickleStream,
} from '../../pickle/index.ts';
import { readCapture } from '../../receiver/index.ts';
import { type Input, inputs } from './input.ts';
import { complain, endWithReader, print } from './stdio.ts';

interface DecodeOptions {
  readonly json?: boolean;
  readonly frames?: boolean;
  readonly globals: UnknownGlobals;
}

export function decodeCommand(): Command {
  return new Command('decode')
    .description('print the value of every pickle in files, one to a line, as Python’s repr() would')
    .argument('[files...]', 'files of pickles one after another; - or none is standard input')
    .option('--json', 'print JSON, one value to a line')
    .option('--frames', 'the files are captures: frames of a length and a pickle, as SocketHandler sends them')
    .addOption(
      new Option(
        '--globals <policy>',
        'classes that are not on the allow-list: refuse the pickle, or show them as data',
      )
        .choices(['reject', 'inert'])
        .default('inert'),
    )
    .action(async (files: string[], options: DecodeOptions) => {
      endWithReader();
      for (const input of inputs(files)) await decode(input, options);
    });
}

/** Prints the values of one input; its error, if there is one, comes after them. */
async function decode(input: Input, { json = false, frames = false, globals }: DecodeOptions): Promise<void> {
  const show = json ? toJSON : repr;
  const unpickling: UnpickleOptions = { unknownGlobals: globals, floats: 'tagged', strings: 'surrogateescape' };
  try {
    const values = frames ? valuesOfFrames(input, unpickling) : unpickleStream(input.open(), unpickling);
    for await (const value of values) await print(`${show(value)}\n`);
  } catch (error) {
    complain(input.name, error);
  }
}

/** The values of a capture. A frame that is no pickle is complained of, and costs only itself. */
async function* valuesOfFrames(input: Input, options: UnpickleOptions): AsyncGenerator<unknown> {
  const decoder = new PickleDecoder(options);
  for await (const { payload, offset } of readCapture(input.open())) {
    let value: unknown;
    try {
      value = decoder.decode(payload);
    } catch (error) {
      complain(`${input.name}: the frame at byte ${offset}`, error);
      continue;
    }
    yield value;
  }
}
