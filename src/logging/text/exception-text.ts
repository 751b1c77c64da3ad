// What stands for a traceback where a record has an exception and no text of it.

import { PyException, PyObject, PyTuple } from '../../pickle/index.ts';
import { isTrue } from './python-types.ts';
import { reprOf, textOf } from './text-limits.ts';

/**
 * The text of an `exc_info`. A JavaScript Error gives its stack. What came over the wire has no traceback (none can be
 * pickled), so that of an exception, alone or in the triple of `sys.exc_info()`, it is the line that ends one in Python:
 * `ValueError: text`, with the module before the name of a class that is not built in. Any other value gives its repr().
 */
export function exceptionText(excInfo: unknown): string {
  if (excInfo instanceof Error) return excInfo.stack ?? String(excInfo);
  const exception = excInfo instanceof PyTuple && excInfo.length === 3 ? excInfo[1] : excInfo;
  if (exception instanceof PyException) return headed(exception.name, textOf(exception));
  if (exception instanceof PyObject)
    return headed(`${exception.module}.${exception.name}`, argumentsText(exception.args));
  return reprOf(excInfo);
}

/** `BaseException.__str__` */
function argumentsText(args: PyTuple): string {
  if (args.length > 1) return reprOf(args);
  return isTrue(args) ? textOf(args[0]) : '';
}

function headed(name: string, text: string): string {
  return text === '' ? name : `${name}: ${text}`;
}
