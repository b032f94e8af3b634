// The buyer's phone. Small on purpose: no htmx here.

import { base } from './js/base.js';

base();
