// What script adds on every page of every door. Without it, all works the same, only stiller.

import { drafts } from './drafts.js';
import { forms } from './forms.js';
import { time } from './time.js';

export function base() {
  document.documentElement.classList.add('js');
  forms();
  drafts();
  time();
  // What can be pushed sideways can be pushed by the keyboard.
  for (const box of document.querySelectorAll('.table-responsive')) box.tabIndex = 0;
}
