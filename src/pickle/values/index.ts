// The value types of the decoder: own data only, one class for each Python type that JavaScript lacks.

export { PyIPAddress, PyPath } from './addresses.ts';
export {
  Ellipsis,
  NotImplemented,
  PyByteArray,
  PyComplex,
  PyException,
  PyFloat,
  PyFrozenSet,
  PyRange,
  PySingleton,
  PySlice,
  PyTuple,
} from './builtins.ts';
export { PyArray, PyCounter, PyDefaultDict, PyDeque, PyOrderedDict, PySimpleNamespace } from './collections.ts';
export { PyDate, PyDateTime, PyTime, PyTimeDelta, PyTimeZone, PyZoneInfo } from './datetime.ts';
export { PyGlobal, PyObject } from './names.ts';
export { PyDecimal, PyFraction, PyUUID } from './numbers.ts';
