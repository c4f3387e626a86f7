import { useEffect, useState } from 'react';

const KEY = 'prompd-theme';
const THEMES = ['system', 'light', 'dark'] as const;
type Theme = (typeof THEMES)[number];

/** As the system says, light, or dark; remembered in this browser. */
export function ThemeSwitch() {
  const [theme, setTheme] = useState<Theme>(remembered);
  useEffect(() => {
    document.documentElement.dataset['theme'] = theme;
    localStorage.setItem(KEY, theme);
  }, [theme]);
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'system';
  return (
    <button type="button" className="quiet" onClick={() => setTheme(next)} title={`Colours: ${theme}`}>
      <span aria-hidden="true">{{ system: '◐', light: '☀', dark: '☾' }[theme]}</span>
      <span className="hidden">{`Colours: ${theme}. Switch to ${next}.`}</span>
    </button>
  );
}

function remembered(): Theme {
  return THEMES.find(theme => theme === localStorage.getItem(KEY)) ?? 'system';
}
