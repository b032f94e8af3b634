// The buyer's phone. Small on purpose: no htmx here.

import { apply } from './js/apply.js';
import { base } from './js/base.js';
import { buyerCase } from './js/bcase.js';
import { live } from './js/live.js';
import { uploads } from './js/upload.js';

base();
uploads();
apply();
buyerCase();
live();
