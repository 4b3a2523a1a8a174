// dom.js: making elements.

// element('p.big', {title: 'x'}, 'text', child, ...)
export function element(name, attributes = {}, ...children) {
    const [tag, ...classes] = name.split('.');
    const e = document.createElement(tag);
    e.className = classes.join(' ');
    for (const [key, value] of Object.entries(attributes))
        if (key.startsWith('on'))
            e.addEventListener(key.slice(2), value);
        else
            e.setAttribute(key, value);
    e.append(...children);
    return e;
}
