// htmx with server-sent events, for the desk. `data-hx-…` is as good as `hx-…`.

import './htmx-config.js';
import 'htmx.org/dist/htmx.esm.js';
import 'htmx.org/dist/ext/hx-sse.js';
