// The merchant's and the platform's desk.

import './js/htmx.js';
import { base } from './js/base.js';
import { live } from './js/live.js';
import { queue } from './js/queue.js';

base();
queue();
live();
