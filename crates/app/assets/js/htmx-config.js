// Read by htmx when it starts, so it is imported before it. The pages' Content-Security-Policy
// allows neither made-up code nor made-up styles: what would need them is off.

const meta = document.querySelector('meta[name="htmx-config"]') ?? document.createElement('meta');
if (!meta.isConnected) {
  meta.name = 'htmx-config';
  meta.content = JSON.stringify({
    includeIndicatorCSS: false,
    history: false,
    mode: 'same-origin',
    noSwap: [204, 304],
  });
  document.head.append(meta);
}
