/* Functions that run inside the page under test: each is sent there as text, so none may use anything around it. */

/** Makes a refused script, style or request a line of the console. */
export function tellPolicyViolations() {
  document.addEventListener('securitypolicyviolation', (event) =>
    console.error(`CSP: ${event.violatedDirective} refused ${event.blockedURI} ${event.sample}`),
  );
}

/** Serious and critical findings of axe, which stands in the page already. */
export async function graveFindings() {
  const { violations } = await globalThis.axe.run();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, impact, nodes }) => {
      const places = nodes.slice(0, 3).map((node) => node.target.join(' '));
      return `${impact}: ${id} at ${places.join('; ')}`;
    });
}

/**
 * Geometry that people would call broken: a page wider than its window, text cut off inside its box, chart labels that overlap or leave
 * their chart, charts without marks. One line each; empty when all is well.
 */
export function layoutFaults() {
  const faults = new Set();
  const shown = (element) => {
    const { width, height } = element.getBoundingClientRect();
    return width > 0 && height > 0;
  };
  const textOf = (element) => element.textContent.trim();

  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth + 1)
    faults.add(`the page is ${root.scrollWidth} px wide in a window of ${root.clientWidth} px`);

  for (const element of document.querySelectorAll('h1, h2, h3, button, th, .tile *')) {
    const style = getComputedStyle(element);
    const cut = element.scrollWidth > element.clientWidth + 1 && style.overflowX === 'hidden';
    if (shown(element) && cut && style.textOverflow !== 'ellipsis' && textOf(element) !== '')
      faults.add(`cut: ${element.tagName} "${textOf(element).slice(0, 40)}"`);
  }

  for (const svg of document.querySelectorAll('figure svg')) {
    const frame = svg.getBoundingClientRect();
    // Icons of buttons are no charts.
    if (frame.width < 100 || frame.height < 60) continue;
    if (svg.querySelector('[aria-label]') === null) faults.add('a chart without marks');
    const boxes = [...svg.querySelectorAll('text')]
      .filter((text) => shown(text) && textOf(text) !== '' && getComputedStyle(text).opacity !== '0')
      .map((text) => ({ text: textOf(text), box: text.getBoundingClientRect() }));
    for (const { text, box } of boxes) {
      if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.bottom > frame.bottom + 1)
        faults.add(`a label leaves its chart: "${text}"`);
    }
    for (const [at, one] of boxes.entries()) {
      for (const other of boxes.slice(at + 1)) {
        const wide = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
        const high = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
        if (wide > 1 && high > 3) faults.add(`labels overlap: "${one.text}" and "${other.text}"`);
      }
    }
  }
  return [...faults].slice(0, 20);
}
