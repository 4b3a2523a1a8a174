// all.js: the demos, in their order.

import fault from './fault.js';
import cow from './cow.js';
import load from './load.js';
import map from './map.js';
import swap from './swap.js';
import oom from './oom.js';

export const demos = [fault, cow, load, map, swap, oom];
