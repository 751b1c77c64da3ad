// The sections of scale by their names: each starts the processes it needs and gives the rows of a table, and whether it
// keeps what is promised.

export { connections, layouts, profile, sizes } from './costs.js';
export { flow, idle } from './memory.js';
export { storm } from './storm.js';
